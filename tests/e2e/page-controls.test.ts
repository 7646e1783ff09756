import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Offers } from '../../playground/offers.js';
import { GRANT, launchBrowser, MICROPHONE, noChromium } from '../support/browser.js';
import { startPageWorld, type PageWorld } from '../support/page-world.js';
import { StandInAgent } from '../support/stand-in-agent.js';

const PHONE = { width: 360, height: 640 };
const DESK = { width: 1280, height: 800 };
const screenshots = fileURLToPath(new URL('../../test-artifacts/page/', import.meta.url));

const offers: Offers = {
  modes: ['conversation', 'transcription'],
  stt: [
    { id: 'jetson', title: 'Your own inference endpoint' },
    { id: 'deepgram', title: 'Deepgram' },
  ],
  llm: [
    { id: 'jetson', title: 'Your own inference endpoint' },
    { id: 'openai', title: 'OpenAI' },
  ],
  tts: [
    { id: 'jetson', title: 'Your own endpoint', voice: 'joe', voices: { names: ['joe', 'amy'] } },
    { id: 'openai', title: 'OpenAI', voice: 'alloy', voices: { names: ['alloy', 'nova'] } },
  ],
};
const usual = { mode: 'conversation', stt: 'jetson', llm: 'jetson', tts: 'jetson', voice: 'joe' };

interface Visit {
  readonly page: Page;
  /** Requests to other hosts, script errors and breaches of the policy: none is allowed. */
  readonly mistakes: string[];
}
interface InCall extends Visit {
  readonly agent: StandInAgent;
  readonly caller: string;
  readonly metadata: string;
}

let world: PageWorld;
let browser: Browser;
const agents: StandInAgent[] = [];
const visits: Visit[] = [];

const open = async (options: BrowserContextOptions): Promise<Visit> => {
  const context = await browser.newContext({ permissions: ['microphone'], ...options });
  const page = await context.newPage();
  const visit: Visit = { page, mistakes: [] };
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (hostname !== '127.0.0.1' && protocol !== 'blob:') visit.mistakes.push(request.url());
  });
  page.on('pageerror', ({ message }) => visit.mistakes.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') visit.mistakes.push(message.text());
  });
  await page.goto(world.pageUrl);
  visits.push(visit);
  return visit;
};

const call = async (visit: Visit, plan: object = usual): Promise<InCall> => {
  const { page } = visit;
  const answer = page.waitForResponse((response) => response.url().endsWith('/token'));
  await page.getByRole('button', { name: 'Start call' }).click();
  const { room, identity } = (await (await answer).json()) as { room: string; identity: string };
  const agent = await StandInAgent.join(world.livekitUrl, room);
  agents.push(agent);
  const { metadata } = await agent.caller();
  await agent.set({ 'lk.agent.state': 'listening', 'earshot.providers': JSON.stringify(plan) });
  await page.getByText('In a call').waitFor();
  return { ...visit, agent, caller: identity, metadata };
};

/** A turn as the worker reports it. */
const turn = (endOfSpeechToFirstAudioMs: number, more: object = {}) => ({
  endOfSpeechToFinalMs: 400,
  endOfSpeechToEndOfTurnMs: 650,
  llmFirstTokenMs: 120,
  ttsFirstByteMs: 300,
  endOfSpeechToFirstAudioMs,
  ...more,
});

const converse = async ({ agent, caller }: InCall): Promise<void> => {
  const ask = { identity: caller, id: 'q1', text: 'What is the capital of France?' };
  await agent.write({ ...ask, isFinal: true });
  await agent.say('a1', 'The capital of France is Paris. ', 'It stands on the Seine.');
  await agent.publish('earshot.turn', turn(1430));
  await agent.write({ ...ask, id: 'q2', text: 'And how many people live there?', isFinal: true });
  await agent.say('a2', 'About two million in the city itself, and more than');
  await agent.publish('earshot.turn', turn(980, { interrupted: true }));
  await agent.publish('earshot.provider', {
    kind: 'stt',
    provider: 'jetson',
    previous: 'deepgram',
    reason: 'no answer within 5 s',
    at: Date.now(),
  });
  await agent.write({ ...ask, id: 'q3', text: 'Thank you, that is all I', isFinal: false });
};

/** Problems that axe calls serious or critical. */
const barriers = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
};

const shot = (page: Page, name: string) => page.screenshot({ path: `${screenshots}${name}.png` });
const setUp = (page: Page) => page.getByRole('button', { name: 'Set up' }).click();
const done = (page: Page) => page.getByRole('button', { name: 'Done' }).click();

describe.skipIf(noChromium)('the page’s controls', () => {
  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true });
    world = await startPageWorld(offers);
    browser = await launchBrowser(GRANT, MICROPHONE);
  });
  afterEach(async () => {
    const mistakes = visits.flatMap((visit) => visit.mistakes);
    await Promise.all(visits.splice(0).map(({ page }) => page.context().close()));
    await Promise.all(agents.splice(0).map((agent) => agent.leave()));
    expect(mistakes).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await world.stop();
  });

  it('sends nothing when nothing was chosen', async () => {
    const { metadata } = await call(await open({ viewport: DESK }));
    expect(metadata).toBe('');
  });

  it('sends the providers and the voice that were chosen, signed, and keeps them', async () => {
    const visit = await open({ viewport: PHONE });
    const { page } = visit;
    await setUp(page);
    await page.getByLabel('Speech to text').selectOption('deepgram');
    await page.getByLabel('Language model').selectOption('openai');
    await page.getByLabel('Text to speech').selectOption('openai');
    await page.getByLabel('Voice').selectOption('nova');
    await done(page);
    await page.reload();
    const chosen = { stt: 'deepgram', llm: 'openai', tts: 'openai', voice: 'nova' };
    const { metadata } = await call(visit, { mode: 'conversation', ...chosen });
    expect(JSON.parse(metadata)).toEqual({ earshot: chosen });
    await page.getByRole('button', { name: 'Timing' }).click();
    expect(await page.locator('#who').innerText()).toMatch(
      /deepgram[^]*openai[^]*openai, voice nova/,
    );
    await setUp(page);
    expect(await page.getByLabel('Speech to text').isDisabled()).toBe(true);
    await page.getByText('The rest can be changed after this call').waitFor();
  });

  it('shows words as unstable until they are final', async () => {
    const { page, agent, caller } = await call(await open({ viewport: PHONE }));
    const line = page.locator('#transcript .you');
    await agent.write({ identity: caller, id: 's', text: 'What is the cap', isFinal: false });
    await line.filter({ hasText: 'What is the cap' }).waitFor();
    expect(await line.getAttribute('class')).toContain('open');
    expect(await page.locator('#spoken').innerText()).toBe('');
    const said = 'What is the capital of France?';
    await agent.write({ identity: caller, id: 's', text: said, isFinal: true });
    await line.filter({ hasText: said }).waitFor();
    await expect.poll(() => line.getAttribute('class')).not.toContain('open');
    expect(await line.count()).toBe(1);
    expect(await page.locator('#spoken').innerText()).toContain(`You: ${said}`);
  });

  it('draws turns to scale with percentiles, marks the interruption, tells the fail-over', async () => {
    const inCall = await call(await open({ viewport: DESK }), { ...usual, stt: 'deepgram' });
    const { page } = inCall;
    await converse(inCall);
    const turns = page.locator('#turns > li');
    await expect.poll(() => turns.count()).toBe(2);
    expect(await turns.nth(1).innerText()).toContain('What is the capital of France?');
    // Both bars have one scale: lengths are as 980 to 1430, and the first piece of each is equally long.
    const widths = await page.evaluate(
      "[...document.querySelectorAll('#turns .turn-track')].map((track) => [...track.children].map((i) => i.getBoundingClientRect().width))",
    );
    const [newest = [], older = []] = widths as number[][];
    const total = (pieces: number[]) => pieces.reduce((sum, width) => sum + width, 0);
    expect(total(newest) / total(older)).toBeCloseTo(980 / 1430, 2);
    expect(newest[0]).toBeCloseTo(older[0] ?? 0, 0);
    const rows = page.locator('#percentile-rows tr');
    expect(await rows.first().innerText()).toMatch(/first sound\s+0\.98 s\s+1\.43 s\s+1\.43 s/);
    await page.locator('#transcript .agent.interrupted .badge').waitFor();
    expect(await turns.first().innerText()).toContain('interrupted');
    expect(await page.locator('#failovers').innerText()).toContain(
      'Speech to text went from deepgram to jetson: no answer within 5 s',
    );
    expect(await page.locator('#who').innerText()).toContain('jetson');
  });

  it('sends what was written, by keyboard alone', async () => {
    const visit = await open({ viewport: PHONE });
    const { page } = visit;
    await page.locator('#open-setup').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Set up the call' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('open-setup');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('call');
    const { agent } = await call(visit);
    await page.locator('#chat-text').focus();
    await page.keyboard.type('What time is it?');
    await page.keyboard.press('Enter');
    await expect.poll(() => agent.chats).toEqual(['What time is it?']);
    await page.locator('#transcript .you').filter({ hasText: 'What time is it?' }).waitFor();
    expect(await page.locator('#chat-text').inputValue()).toBe('');
  });

  it('changes the microphone and the loudspeaker during a call', async () => {
    const visit = await open({ viewport: PHONE });
    const { page } = visit;
    await page.evaluate(`
      window.asked = [];
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = (wanted) => {
        window.asked.push(JSON.stringify(wanted.audio?.deviceId ?? null));
        return ask(wanted);
      };`);
    await call(visit);
    await setUp(page);
    for (const name of ['Microphone', 'Loudspeaker']) {
      const select = page.getByLabel(name, { exact: true });
      const ids = `[...document.querySelectorAll('#${(await select.getAttribute('id')) ?? ''} option')].map((o) => o.value)`;
      const values = await page.evaluate<string[]>(ids);
      const device = values.find((id) => id !== '' && id !== 'none');
      expect(device, `${name}: ${values.join()}`).toBeDefined();
      await select.selectOption(device ?? '');
      if (name === 'Microphone') {
        await expect.poll(() => page.evaluate('window.asked.at(-1)')).toContain(device);
      }
    }
    await done(page);
    expect(await page.locator('#problem').isHidden()).toBe(true);
  });

  it('shows the level of the microphone, mutes it, and hangs up', async () => {
    const { page } = await call(await open({ viewport: PHONE }));
    await page.locator('#level i.on').first().waitFor();
    await page.getByRole('button', { name: 'Mute' }).click();
    await page.getByRole('button', { name: 'Muted', pressed: true }).waitFor();
    await expect.poll(() => page.locator('#level i.on').count()).toBe(0);
    await page.getByRole('button', { name: 'End call' }).click();
    await page.getByText('Not in a call').waitFor();
  });

  it('talks without a microphone, in writing', async () => {
    const visit = await open({ viewport: PHONE });
    const { page } = visit;
    await setUp(page);
    await page.getByLabel('Microphone', { exact: true }).selectOption('none');
    await done(page);
    const { agent } = await call(visit);
    expect(await page.getByRole('button', { name: 'Mute' }).isDisabled()).toBe(true);
    await page.getByLabel('Write to the agent').fill('Hello');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect.poll(() => agent.chats).toEqual(['Hello']);
  });

  it('only writes down: everybody’s words with their times, to be saved as four kinds of file', async () => {
    const visit = await open({ viewport: PHONE });
    const { page } = visit;
    await setUp(page);
    await page.getByText('Only writes down').click();
    expect(await page.getByLabel('Language model').isHidden()).toBe(true);
    await done(page);
    const { agent, caller, metadata } = await call(visit, { mode: 'transcription', stt: 'jetson' });
    expect(JSON.parse(metadata)).toEqual({ earshot: { mode: 'transcription' } });
    expect(await page.locator('#chat').isHidden()).toBe(true);
    const from = Date.now();
    const first = { identity: caller, id: '1', text: 'Good morning.', isFinal: true };
    await agent.write({ ...first, from: from + 1000, to: from + 2500 });
    const second = { identity: 'Bert', id: '2', text: 'Is <b>this</b> on?', isFinal: true };
    await agent.write({ ...second, from: from + 3000, to: from + 4000 });
    await page.locator('#transcript .other').filter({ hasText: 'Bert' }).waitFor();
    await shot(page, 'transcription-360');
    const save = async (name: string): Promise<string> => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name }).click();
      return text(await (await download).createReadStream());
    };
    expect(await save('txt')).toMatch(
      /^\[\d\d:\d\d:\d\d\] You: Good morning\.\n\[\d\d:\d\d:\d\d\] Bert: Is <b>this<\/b> on\?\n$/,
    );
    expect(await save('srt')).toMatch(
      /^1\n00:00:\d\d,\d{3} --> 00:00:\d\d,\d{3}\nYou: Good morning\.\n\n2\n/,
    );
    expect(await save('vtt')).toMatch(/^WEBVTT\n\n[^]*<v Bert>Is &lt;b&gt;this/);
    const { segments } = JSON.parse(await save('json')) as { segments: object[] };
    expect(segments).toEqual([
      {
        speaker: 'You',
        text: 'Good morning.',
        from: new Date(from + 1000).toISOString(),
        to: new Date(from + 2500).toISOString(),
      },
      expect.objectContaining({ speaker: 'Bert', text: 'Is <b>this</b> on?' }),
    ]);
  });

  it.each([
    ['phone-light', PHONE, 'light'],
    ['phone-dark', PHONE, 'dark'],
    ['desk-light', DESK, 'light'],
    ['desk-dark', DESK, 'dark'],
  ] as const)('has no barrier and fits: %s', async (name, viewport, colorScheme) => {
    const visit = await open({ viewport, colorScheme, reducedMotion: 'reduce' });
    const { page } = visit;
    const look = async (what: string): Promise<void> => {
      await shot(page, `${name}-${what}`);
      expect(await barriers(page), what).toEqual([]);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width, what).toBeLessThanOrEqual(viewport.width);
    };
    await look('idle');
    await setUp(page);
    await look('setup');
    await done(page);
    const inCall = await call(visit, { ...usual, stt: 'deepgram' });
    await converse(inCall);
    await page.getByText('Thank you, that is all I').waitFor();
    await look('call');
    if (viewport === PHONE) {
      await page.getByRole('button', { name: 'Timing' }).click();
      await look('panel');
    }
  });
});
