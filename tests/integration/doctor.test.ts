import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTLSServer } from 'node:https';
import {
  createServer as createTCPServer,
  type AddressInfo,
  type Server as NetServer,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { WebSocketServer } from 'ws';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkLiveKit } from '../../cli/doctor/checks/livekit.js';
import { checkMachine } from '../../cli/doctor/checks/machine.js';
import { checkPorts } from '../../cli/doctor/checks/ports.js';
import { checkProviders } from '../../cli/doctor/checks/providers.js';
import { checkStorage } from '../../cli/doctor/checks/storage.js';
import { examine } from '../../cli/doctor/examine.js';
import type { DoctorContext, Finding } from '../../cli/doctor/finding.js';
import { renderFindings } from '../../cli/doctor/render.js';
import { loadConfig } from '../../config/load-config.js';
import { MODELS } from '../../inference/models/catalogue.js';
import { modelDirectory } from '../../inference/models/ensure-model.js';
import { freePorts } from '../support/free-ports.js';
import { keys, startPageWorld, type PageWorld } from '../support/page-world.js';

const SECRET = 'sk-very-secret-0123456789';
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const context = (
  variables: Record<string, string>,
  more: Partial<DoctorContext> = {},
): DoctorContext => ({
  variables,
  config: loadConfig({ env: variables, envFile: null }),
  now: Date.now,
  freeBytes: () => Promise.resolve(1e12),
  signal: new AbortController().signal,
  ...more,
});

const listening = async (server: Server | NetServer): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => new Promise((done) => server.close(done)));
  return (server.address() as AddressInfo).port;
};
const httpServer = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listening(createServer(listener))}`;

/** A cloud's three services in place of those of this machine, at one address. */
const cloud = (url: string): Record<string, string> => ({
  STT_PROVIDER: 'custom-http',
  CUSTOM_HTTP_STT_URL: `${url}/v1/audio/transcriptions`,
  CUSTOM_HTTP_STT_API_KEY: SECRET,
  LLM_PROVIDER: 'openai',
  OPENAI_BASE_URL: `${url}/v1`,
  OPENAI_API_KEY: SECRET,
  TTS_PROVIDER: 'custom-http',
  CUSTOM_HTTP_TTS_URL: `${url}/v1/audio/speech`,
  CUSTOM_HTTP_TTS_API_KEY: SECRET,
});
const onlyFailures = (findings: readonly Finding[]): string[] =>
  findings.filter(({ status }) => status === 'fail').map(({ name }) => name);

describe('livekit-server', () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await startPageWorld();
  });
  afterAll(() => world.stop());
  const with_ = (apiKey: string, apiSecret: string, more: Partial<DoctorContext> = {}) =>
    checkLiveKit(
      context(
        { LIVEKIT_URL: world.livekitUrl, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret },
        more,
      ),
    );

  it('that is well gives no alarm', async () => {
    const findings = await with_(keys.apiKey, keys.apiSecret);
    expect(findings.map(({ name, status }) => [name, status])).toEqual([
      ['livekit-server', 'ok'],
      ['clock', 'ok'],
      ['livekit key', 'ok'],
    ]);
  });

  it('with a wrong key: names the key', async () => {
    const [finding] = (await with_('nobody', keys.apiSecret)).slice(-1);
    expect(finding).toMatchObject({ status: 'fail' });
    expect(finding?.remedy).toContain('LIVEKIT_API_KEY');
    expect(finding?.remedy).not.toContain('SECRET');
  });

  it('with a wrong secret: names the secret', async () => {
    const [finding] = (await with_(keys.apiKey, 'x'.repeat(40))).slice(-1);
    expect(finding).toMatchObject({ status: 'fail' });
    expect(finding?.remedy).toContain('LIVEKIT_API_SECRET');
    expect(JSON.stringify(finding)).not.toContain('xxxx');
  });

  it.each([
    ['ahead of', 5 * 60_000],
    ['behind', -5 * 60_000],
  ])('whose clock is 5 minutes off: this one is %s', async (words, skewMs) => {
    const findings = await with_(keys.apiKey, keys.apiSecret, { now: () => Date.now() + skewMs });
    const clock = findings.find(({ name }) => name === 'clock');
    expect(clock).toMatchObject({ status: 'fail' });
    expect(clock?.detail).toMatch(new RegExp(`(299|300|301) s ${words}`));
    expect(clock?.remedy).toContain('time synchronisation');
  });

  it('that is not there: names the address', async () => {
    const [port] = await freePorts(1);
    const env = {
      LIVEKIT_URL: `ws://127.0.0.1:${port ?? 0}`,
      LIVEKIT_API_KEY: 'k',
      LIVEKIT_API_SECRET: 's',
    };
    const [finding] = await checkLiveKit(context(env));
    expect(finding).toMatchObject({ status: 'fail' });
    expect(finding?.detail).toContain('nothing listens there (ECONNREFUSED)');
    expect(finding?.remedy).toContain('LIVEKIT_URL');
  });
});

describe('a provider', () => {
  it('that refuses the key: names the variable, never the key', async () => {
    const url = await httpServer((request, response) => {
      request.resume();
      response.statusCode = 401;
      response.end(JSON.stringify({ error: { message: `Incorrect key ${SECRET}` } }));
    });
    const variables = cloud(url);
    const findings = await examine({ ...context(variables), variables });
    const of = (name: string) => findings.find((finding) => finding.name === name);
    expect(of('stt custom-http')?.remedy).toContain('CUSTOM_HTTP_STT_API_KEY');
    expect(of('llm openai')?.remedy).toContain('OPENAI_API_KEY');
    expect(of('tts custom-http')?.remedy).toContain('CUSTOM_HTTP_TTS_API_KEY');
    expect(renderFindings(findings, false) + JSON.stringify(findings)).not.toContain(SECRET);
  });

  it('that cannot be reached: names the address', async () => {
    const [port] = await freePorts(1);
    const findings = await checkProviders(context(cloud(`http://127.0.0.1:${port ?? 0}`)));
    expect(onlyFailures(findings)).toEqual(['stt custom-http', 'llm openai', 'tts custom-http']);
    for (const { detail } of findings) expect(detail).toContain('nothing listens there');
    expect(findings[1]?.remedy).toContain('OPENAI_BASE_URL');
  });

  it('whose certificate nobody trusts: says TLS', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'earshot-doctor-'));
    closers.push(() => rm(folder, { recursive: true }));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-days', '1'];
    await execa('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      ...subject,
    ]);
    const server = createTLSServer(
      { key: await readFile(key), cert: await readFile(cert) },
      (_q, r) => r.end(),
    );
    const findings = await checkProviders(
      context(cloud(`https://127.0.0.1:${await listening(server)}`)),
    );
    expect(onlyFailures(findings)).toHaveLength(3);
    for (const { detail } of findings) expect(detail).toMatch(/TLS failed \(\w*(CERT|SIGNED)\w*\)/);
  });

  it('that answers nonsense: a web page', async () => {
    const url = await httpServer((request, response) => {
      request.resume();
      response.setHeader('content-type', 'text/html');
      response.end('<html>Welcome to nginx!</html>');
    });
    const findings = await checkProviders(context(cloud(url)));
    expect(onlyFailures(findings)).toEqual(['stt custom-http', 'llm openai', 'tts custom-http']);
    expect(findings[0]?.remedy).toContain('CUSTOM_HTTP_STT_URL');
    expect(findings[1]?.remedy).toContain('OPENAI_BASE_URL');
    expect(findings[2]?.remedy).toContain('CUSTOM_HTTP_TTS_URL');
  });

  it('that answers nonsense: other words, no word, silence', async () => {
    const url = await httpServer((request, response) => {
      request.resume();
      if (request.url?.endsWith('transcriptions')) response.end('{"text":"Lorem ipsum dolor sit"}');
      else if (request.url?.endsWith('speech')) {
        response.setHeader('content-type', 'audio/pcm;rate=24000');
        response.end(Buffer.alloc(72_000));
      } else {
        response.setHeader('content-type', 'text/event-stream');
        response.end('data: [DONE]\n\n');
      }
    });
    const findings = await checkProviders(context(cloud(url)));
    expect(onlyFailures(findings)).toHaveLength(3);
    expect(findings[0]?.detail).toContain('heard "Lorem ipsum dolor sit"');
    expect(findings[1]?.detail).toContain('without a word');
    expect(findings[2]?.detail).toContain('not speech');
  });

  it('that streams and answers nothing that can be read: says so in time', async () => {
    const server = createServer((_request, response) => response.end());
    const port = await listening(server);
    const sockets = new WebSocketServer({ server });
    closers.unshift(() => {
      for (const socket of sockets.clients) socket.terminate();
    });
    sockets.on('connection', (socket) => {
      socket.send('how are you?');
    });
    const env = {
      AGENT_MODE: 'transcription',
      STT_PROVIDER: 'custom-websocket',
      CUSTOM_WS_URL: `ws://127.0.0.1:${port}/`,
    };
    const findings = await checkProviders(context(env));
    expect(onlyFailures(findings)).toEqual(['stt custom-websocket']);
    expect(findings[0]?.remedy).toContain('CUSTOM_WS_URL');
  });
});

describe('this machine', () => {
  it('a port in use: names who holds it and the variable', async () => {
    const port = await listening(createTCPServer());
    const findings = await checkPorts(
      context({ PLAYGROUND_PORT: String(port), ...(await otherPorts()) }),
    );
    expect(onlyFailures(findings)).toEqual([`port ${port}`]);
    const failure = findings.find(({ status }) => status === 'fail');
    expect(failure?.detail).toContain('is in use by');
    expect(failure?.remedy).toContain('PLAYGROUND_PORT');
  });

  it('a port that Earshot itself holds gives no alarm, however long its command line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'earshot-doctor-with-a-long-name-'));
    closers.push(() => rm(folder, { recursive: true }));
    await mkdir(join(folder, 'a-folder-with-a-very-long-name-indeed', 'cli'), { recursive: true });
    const file = join(folder, 'a-folder-with-a-very-long-name-indeed', 'cli', 'inference.mjs');
    const [port = 0] = await freePorts(1);
    const listen = `require('node:net').createServer().listen(${port}, '127.0.0.1', () => console.log('up'));`;
    await writeFile(
      file,
      `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); ${listen}`,
    );
    const child = execa(process.execPath, [file], { reject: false });
    closers.push(async () => {
      child.kill('SIGKILL');
      await child;
    });
    await once(child.stdout, 'data');
    const others = await otherPorts(true);
    const findings = await checkPorts(context({ ...others, INFERENCE_PORT: String(port) }));
    expect(onlyFailures(findings)).toEqual([]);
    expect(findings.find(({ name }) => name === `port ${port}`)?.detail).toContain('Earshot');
  });

  it('free ports give no alarm', async () => {
    const findings = await checkPorts(context(await otherPorts(true)));
    expect(findings).toHaveLength(6);
    expect(onlyFailures(findings)).toEqual([]);
  });

  it('a flipped byte in a model file: names the file and the command', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'earshot-doctor-'));
    closers.push(() => rm(cacheDir, { recursive: true }));
    const real = loadConfig().cacheDir;
    const model = MODELS.find(({ id }) => id === 'silero-vad');
    if (!model) throw new Error('no detector in the catalogue');
    const [from, to] = [modelDirectory(real, model.id), modelDirectory(cacheDir, model.id)];
    await mkdir(to, { recursive: true });
    const files = model.parts.flatMap((part) => part.files);
    for (const { path } of files) await copyFile(join(from, path), join(to, path));
    const variables = { EARSHOT_CACHE_DIR: cacheDir };
    const before = await checkStorage(context(variables));
    expect(before.find(({ name }) => name === 'model silero-vad')?.status).toBe('ok');
    const path = join(to, files[0]?.path ?? '');
    const file = await open(path, 'r+');
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, 5000);
    await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, 5000);
    await file.close();
    const damaged = (await checkStorage(context(variables))).find(
      ({ name }) => name === 'model silero-vad',
    );
    expect(damaged).toMatchObject({ status: 'fail' });
    expect(damaged?.detail).toContain(files[0]?.path);
    expect(damaged?.remedy).toContain('npm run models -- fetch silero-vad');
  });

  it('no disk space for what is missing: names the variable', async () => {
    const cacheDir = await mkdtemp(join(tmpdir(), 'earshot-doctor-'));
    closers.push(() => rm(cacheDir, { recursive: true }));
    const variables = { EARSHOT_CACHE_DIR: join(cacheDir, 'not', 'there') };
    const freeBytes = () => Promise.resolve(20e6);
    const findings = await checkStorage(context(variables, { freeBytes }));
    expect(onlyFailures(findings)).toEqual(['disk']);
    expect(findings.at(-1)?.detail).toMatch(/^20 MB free in .*, \d{3} MB needed/);
    expect(findings.at(-1)?.remedy).toContain('EARSHOT_CACHE_DIR');
  });

  it('is well: no alarm', async () => {
    expect(onlyFailures(await checkMachine(context({})))).toEqual([]);
  });
});

it('a configuration that does not fit is the only thing that is looked at', async () => {
  const variables = { STT_PROVIDER: 'deepgrm', OPENAI_API_KEY: 'a b', LLM_PROVIDER: 'openai' };
  const findings = await examine({
    variables,
    now: Date.now,
    freeBytes: () => Promise.resolve(0),
    signal: new AbortController().signal,
  });
  expect(findings.map(({ name, status }) => [name, status])).toEqual([
    ['configuration', 'fail'],
    ['configuration', 'fail'],
  ]);
  expect(findings[0]?.detail).toContain('STT_PROVIDER');
});

const otherPorts = async (all = false): Promise<Record<string, string>> => {
  const names = [
    'LIVEKIT_PORT',
    'LIVEKIT_TCP_PORT',
    'LIVEKIT_UDP_PORT',
    'INFERENCE_PORT',
    'WORKER_PORT',
  ];
  if (all) names.push('PLAYGROUND_PORT');
  const ports = await freePorts(names.length);
  return Object.fromEntries(names.map((name, index) => [name, String(ports[index])]));
};
