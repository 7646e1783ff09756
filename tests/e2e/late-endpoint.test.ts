import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, waitForAgent } from '../../cli/call/converse.js';
import { joinRoom } from '../../cli/call/join-room.js';
import { readClip } from '../../cli/call/read-clip.js';
import { freePorts } from '../support/free-ports.js';
import { speakToFile } from '../support/speak.js';
import { startStack, type Stack } from '../support/start-stack.js';

let stack: Stack;
let folder: string;
let port: number;
let endpoint: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-e2e-'));
  [port = 0] = await freePorts(1);
  stack = await startStack({ JETSON_URL: `http://127.0.0.1:${port}` }, { until: 'worker' });
}, 400_000);

afterAll(async () => {
  if (endpoint?.exitCode === null) {
    const exited = once(endpoint, 'exit');
    endpoint.kill('SIGTERM');
    await exited;
  }
  await stack.stop();
  await rm(folder, { recursive: true });
});

it('says that JETSON_URL does not answer, and the call works once it does', async () => {
  expect(stack.output()).toMatch(/JETSON_URL/);
  const connection = await joinRoom(stack.config);
  endpoint = spawn(process.execPath, ['--import', 'tsx', 'cli/inference.ts'], {
    env: { ...process.env, INFERENCE_PORT: String(port) },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  const healthy = async (): Promise<boolean> =>
    (await fetch(`${url}/healthz`).catch(() => undefined))?.ok ?? false;
  await expect.poll(healthy, { timeout: 60_000, interval: 250 }).toBe(true);

  const clip = await readClip(
    await speakToFile(url, 'What is the capital of France?', join(folder, 'q.wav')),
  );
  await waitForAgent(connection);
  const turn = await ask(connection, clip);
  await connection.close();
  expect(turn.user).toMatch(/capital/i);
  expect(turn.reply.length).toBeGreaterThan(0);
}, 180_000);
