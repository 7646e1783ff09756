import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findFreePorts } from '../../cli/supervisor/find-free-ports.js';
import { loadConfig } from '../../config/load-config.js';
import { ensureLivekitServer } from '../../livekit/ensure-livekit-server.js';
import { buildPlayground } from '../../playground/server.js';
import { DENY, GRANT, launchBrowser, MICROPHONE, noChromium } from '../support/browser.js';

const livekitYaml = fileURLToPath(new URL('../../livekit.yaml', import.meta.url));
const keys = { apiKey: 'devkey', apiSecret: 'earshot-local-development-secret' };

let serverPath = '';
let ports: readonly number[] = [];
let livekit: { process: PromiseLike<unknown>; kill: () => void } | undefined;
let app: FastifyInstance | undefined;
let browser: Browser | undefined;

async function startLivekit(): Promise<void> {
  const [port = 0, tcp = 0, udp = 0] = ports;
  const flags = ['--port', port, '--rtc.tcp_port', tcp, '--udp-port', udp].map(String);
  const child = execa(serverPath, ['--config', livekitYaml, ...flags], { reject: false });
  livekit = { process: child, kill: () => child.kill('SIGKILL') };
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('livekit-server did not come up');
}

async function stopLivekit(): Promise<void> {
  livekit?.kill();
  await livekit?.process;
}

async function startPlayground(): Promise<void> {
  const url = `ws://127.0.0.1:${ports[0] ?? 0}`;
  app = await buildPlayground({
    livekit: { url, isLocal: true, ...keys },
    parts: [{ name: 'worker', url: 'http://127.0.0.1:1/' }],
  });
  await app.listen({ host: '127.0.0.1', port: ports[3] ?? 0 });
}

interface OpenPage {
  readonly page: Page;
  readonly foreign: string[];
  readonly mistakes: string[];
}

async function openPage(...flags: string[]): Promise<OpenPage> {
  browser = await launchBrowser(...flags);
  const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
  const foreign: string[] = [];
  const mistakes: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') foreign.push(request.url());
  });
  page.on('pageerror', (error) => mistakes.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) mistakes.push(message.text());
  });
  await page.goto(`http://127.0.0.1:${ports[3] ?? 0}/`);
  return { page, foreign, mistakes };
}

async function call(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start call' }).click();
}

async function problem(page: Page, timeout = 20_000): Promise<string> {
  const alert = page.getByRole('alert');
  await alert.waitFor({ timeout });
  return alert.innerText();
}

describe.skipIf(noChromium)('the page without an agent', () => {
  beforeAll(async () => {
    serverPath = (await ensureLivekitServer({ cacheDir: loadConfig().cacheDir })).path;
  });
  beforeEach(async () => {
    ports = await findFreePorts('127.0.0.1', 4);
    await startLivekit();
    await startPlayground();
  });
  afterEach(async () => {
    await browser?.close();
    await app?.close();
    await stopLivekit();
  });
  afterAll(stopLivekit);

  it('joins a room, shows the microphone’s level, and says after 15 s that nobody came', async () => {
    const { page, foreign, mistakes } = await openPage(GRANT, MICROPHONE);
    await call(page);
    await page.getByText('Waiting for the agent').waitFor();
    await page.locator('#level i.on').first().waitFor();
    const text = await problem(page);
    expect(text).toContain('The agent has not joined');
    expect(text).toContain('The worker is not well: does not answer.');
    await page.getByRole('button', { name: 'End call' }).click();
    await page.getByText('Not in a call').waitFor();
    expect(foreign).toEqual([]);
    expect(mistakes).toEqual([]);
  });

  it('mutes and says so', async () => {
    const { page } = await openPage(GRANT, MICROPHONE);
    const mute = page.getByRole('button', { name: 'Mute' });
    expect(await mute.isDisabled()).toBe(true);
    await call(page);
    await page.getByText('Waiting for the agent').waitFor();
    await mute.click();
    await page.getByRole('button', { name: 'Muted', pressed: true }).waitFor();
  });

  it('fits into 360 pixels', async () => {
    const { page } = await openPage(GRANT, MICROPHONE);
    await call(page);
    await page.getByText('Waiting for the agent').waitFor();
    // A string, because the test's own types know no browser.
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(360);
  });

  it('says that the microphone was refused', async () => {
    const { page } = await openPage(DENY, MICROPHONE);
    await call(page);
    expect(await problem(page)).toContain('The microphone was refused');
    await page.getByRole('button', { name: 'Start call' }).waitFor();
  });

  it('says that there is no microphone', async () => {
    const { page } = await openPage(GRANT);
    await call(page);
    expect(await problem(page)).toContain('No microphone was found');
  });

  it('says that the media server cannot be reached, and where it was looked for', async () => {
    const { page } = await openPage(GRANT, MICROPHONE);
    await stopLivekit();
    await call(page);
    const text = await problem(page, 60_000);
    expect(text).toContain('The media server cannot be reached');
    expect(text).toContain(`ws://127.0.0.1:${ports[0] ?? 0}`);
  });

  it('says that its own server is gone', async () => {
    const { page } = await openPage(GRANT, MICROPHONE);
    await app?.close();
    await call(page);
    expect(await problem(page)).toContain('The page’s server does not answer');
  });

  it('says that the connection was lost, and comes back by itself', async () => {
    const { page } = await openPage(GRANT, MICROPHONE);
    await call(page);
    await page.getByText('Waiting for the agent').waitFor();
    await stopLivekit();
    await page.getByText('Connection lost, trying again').waitFor({ timeout: 30_000 });
    await startLivekit();
    await page.getByText('Waiting for the agent').waitFor({ timeout: 60_000 });
  });
});
