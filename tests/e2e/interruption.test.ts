import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinRoom, type CallerConnection } from '../../cli/call/join-room.js';
import { CLIP_SAMPLE_RATE, readClip, rootMeanSquare } from '../../cli/call/read-clip.js';
import { speakToFile } from '../support/speak.js';
import { startStack, type Stack } from '../support/start-stack.js';

/** About half a minute of speech that nobody wants to hear to its end. */
const LONG_GREETING = Array.from(
  { length: 12 },
  (_, index) => `This is sentence number ${index + 1} of a very long greeting.`,
).join(' ');

/** Loudness (of 32768) that begins speech, as the caller's own listener counts it. */
const SPEECH_LEVEL = 100;

/** Silence before the first word, in ms. */
const speechStartMs = (samples: Int16Array): number => {
  const step = CLIP_SAMPLE_RATE / 100;
  for (let at = 0; at < samples.length; at += step) {
    if (rootMeanSquare(samples.subarray(at, at + step)) > SPEECH_LEVEL) return (at / step) * 10;
  }
  throw new Error('the clip is silent');
};

/** In a call's first 3 s of agent speech the framework takes what it hears for the agent's own echo. */
const ECHO_WARM_UP_MS = 3500;

let stack: Stack;
let folder: string;
let connection: CallerConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-e2e-'));
  stack = await startStack({ AGENT_GREETING: LONG_GREETING });
  connection = await joinRoom(stack.config);
}, 400_000);

afterAll(async () => {
  await connection.close();
  await stack.stop();
  await rm(folder, { recursive: true });
});

it('falls silent within a second when the caller speaks', async () => {
  const { listener, speaker } = connection;
  const clip = await readClip(
    await speakToFile(
      stack.inferenceUrl,
      'Stop, please stop talking, I have a question.',
      join(folder, 'stop.wav'),
    ),
  );
  await expect.poll(() => listener.firstSpeechAt, { timeout: 30_000 }).toBeDefined();
  await sleep(ECHO_WARM_UP_MS);
  expect(listener.silentForMs, 'the agent should still be speaking').toBeLessThan(500);

  const startedAt = performance.now() + speechStartMs(clip.samples);
  const said = speaker.say(clip);
  await sleep(2500);
  const silentAt = performance.now() - listener.silentForMs;
  await said;
  console.log(`silent ${Math.round(silentAt - startedAt)} ms after the caller's first word`);
  expect(silentAt - startedAt, 'ms from the first word of the caller to silence').toBeLessThan(
    1000,
  );
}, 120_000);
