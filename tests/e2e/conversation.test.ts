import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../adapters/audio/wav.js';
import { ask, waitForAgent, type Turn } from '../../cli/call/converse.js';
import { joinRoom, type CallerConnection } from '../../cli/call/join-room.js';
import { REPLY_SAMPLE_RATE } from '../../cli/call/listener.js';
import { readClip } from '../../cli/call/read-clip.js';
import { speakToFile, transcribe } from '../support/speak.js';
import { startStack, type Stack } from '../support/start-stack.js';
import { wordErrorRate } from '../support/word-error-rate.js';

const QUESTION = 'What is the capital of France?';

let stack: Stack;
let folder: string;
let connection: CallerConnection;
const replies: Turn[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-e2e-'));
  stack = await startStack();
  connection = await joinRoom(stack.config);
}, 400_000);

afterAll(async () => {
  await connection.close();
  await stack.stop();
  await rm(folder, { recursive: true });
});

describe('a spoken conversation on local models', () => {
  it('hears the question, and says what it writes', async () => {
    const clip = await readClip(
      await speakToFile(stack.inferenceUrl, QUESTION, join(folder, 'q.wav')),
    );
    await waitForAgent(connection);
    const turn = await ask(connection, clip);
    expect(wordErrorRate(QUESTION, turn.user)).toBeLessThanOrEqual(0.2);
    expect(turn.agent).not.toBe('');
    replies.push(turn);
    expect(turn.endOfSpeechToFirstAudioMs).toBeGreaterThan(0);
  });

  it('remembers the conversation: a second question is answered too', async () => {
    const text = 'What is the capital of Italy?';
    const clip = await readClip(
      await speakToFile(stack.inferenceUrl, text, join(folder, 'q2.wav')),
    );
    const turn = await ask(connection, clip);
    expect(wordErrorRate(text, turn.user)).toBeLessThanOrEqual(0.2);
    expect(turn.agent).not.toBe('');
    replies.push(turn);
  });

  it('spoke what it wrote', async () => {
    // Over both replies: they are so short that one misheard word ("Francis" for "France is") weighs a third.
    const written = replies.map((turn) => turn.agent).join(' ');
    const heard: string[] = [];
    for (const { reply } of replies) {
      heard.push(await transcribe(stack.inferenceUrl, encodeWav(reply, REPLY_SAMPLE_RATE)));
    }
    expect(replies).toHaveLength(2);
    expect(wordErrorRate(written, heard.join(' ')), `${written} / ${heard.join(' ')}`).toBeLessThan(
      0.3,
    );
  });
});
