import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../adapters/audio/wav.js';
import { ask, waitForAgent, type Turn } from '../../cli/call/converse.js';
import { joinRoom, type CallerConnection } from '../../cli/call/join-room.js';
import { REPLY_SAMPLE_RATE } from '../../cli/call/listener.js';
import { readClip } from '../../cli/call/read-clip.js';
import { findPortHolder } from '../../cli/supervisor/find-port-holder.js';
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

  it('is what `npm run call -- --json` reports for machines', async () => {
    const { livekit } = stack.config;
    const out = join(folder, 'reply.wav');
    const { stdout } = await execa(
      process.execPath,
      ['--import', 'tsx', 'cli/call.ts', '--json', '--out', out, join(folder, 'q.wav')],
      {
        env: {
          LIVEKIT_URL: livekit.url,
          LIVEKIT_API_KEY: livekit.apiKey,
          LIVEKIT_API_SECRET: livekit.apiSecret,
        },
      },
    );
    const report = JSON.parse(stdout) as { turns: { user: string; agent: string }[] } & Record<
      'medianEndOfSpeechToFinalMs' | 'medianEndOfSpeechToFirstAudioMs',
      number
    >;
    expect(report.turns).toHaveLength(1);
    expect(wordErrorRate(QUESTION, report.turns[0]?.user ?? '')).toBeLessThanOrEqual(0.2);
    expect(report.turns[0]?.agent).not.toBe('');
    expect(report.medianEndOfSpeechToFirstAudioMs).toBeGreaterThan(0);
    const reply = await readClip(out);
    expect(reply.samples.length).toBeGreaterThan(0);
  });

  it('stops within 5 s and leaves no process and no port', async () => {
    const ports = [
      stack.config.livekit.port,
      ...[stack.inferenceUrl, stack.playgroundUrl].map(portOf),
    ];
    for (const port of ports) expect(await answers(port)).toBe(true);
    await connection.close();
    expect(await stack.stop()).toBeLessThan(5000);
    for (const port of ports) expect(await answers(port)).toBe(false);
    expect(await findPortHolder(stack.config.livekit.port, 'tcp')).toBeUndefined();
  });
});

const portOf = (url: string): number => Number(new URL(url).port);

const answers = async (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
