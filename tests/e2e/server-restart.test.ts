import { RoomServiceClient } from 'livekit-server-sdk';
import { ParticipantKind } from '@livekit/rtc-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, waitForAgent } from '../../cli/call/converse.js';
import { joinRoom, type CallerConnection } from '../../cli/call/join-room.js';
import { readClip } from '../../cli/call/read-clip.js';
import { findPortHolder } from '../../cli/supervisor/find-port-holder.js';
import { speakToFile } from '../support/speak.js';
import { startStack, type Stack } from '../support/start-stack.js';

/** The agent is back well within this: the worker registers after 6 s, the old one reconnects before. */
const SETTLE_MS = 20_000;
/** The server gives up a track that carried nothing after 30 s. */
const PUBLISH_TIMEOUT_MS = 15_000;

/** Two packages have an enumeration of their own for the same numbers. */
const AGENT_KIND: number = ParticipantKind.AGENT;

const ROOM = 'restart-test';
let stack: Stack;
let folder: string;
let connection: CallerConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-e2e-'));
  stack = await startStack();
  connection = await joinRoom(stack.config, { roomName: ROOM });
}, 400_000);

afterAll(async () => {
  await connection.close();
  await stack.stop();
  await rm(folder, { recursive: true });
});

const agents = async (): Promise<string[]> => {
  const { url, apiKey, apiSecret } = stack.config.livekit;
  const rooms = new RoomServiceClient(url.replace(/^ws/, 'http'), apiKey, apiSecret);
  const participants = await rooms.listParticipants(ROOM).catch(() => []);
  return participants
    .filter(({ kind }: { kind: number }) => kind === AGENT_KIND)
    .map(({ identity }) => identity);
};

it('has one agent again after livekit-server was killed, and it answers', async () => {
  const clip = await readClip(
    await speakToFile(stack.inferenceUrl, 'What is the capital of France?', join(folder, 'q.wav')),
  );
  await waitForAgent(connection);
  expect(await agents()).toHaveLength(1);

  const holder = await findPortHolder(stack.config.livekit.port, 'tcp');
  process.kill(Number(/process (\d+)/.exec(holder ?? '')?.[1]), 'SIGKILL');
  await sleep(SETTLE_MS);
  expect(await agents()).toHaveLength(1);
  await sleep(PUBLISH_TIMEOUT_MS);
  expect(stack.output()).not.toContain('publish time out');

  await waitForAgent(connection);
  const turn = await ask(connection, clip);
  expect(turn.user).toMatch(/capital/i);
  expect(turn.reply.length).toBeGreaterThan(0);
  expect(stack.output()).toMatch(/livekit.*(restart|again)/i);
}, 180_000);

it('sends an agent to a caller who leaves and is back at once', async () => {
  await connection.close();
  await expect.poll(agents, { timeout: 20_000, interval: 250 }).toHaveLength(0);
  connection = await joinRoom(stack.config, { roomName: ROOM });
  await waitForAgent(connection);
  expect(await agents()).toHaveLength(1);
}, 120_000);
