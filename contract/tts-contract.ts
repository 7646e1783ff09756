import { setTimeout as delay } from 'node:timers/promises';
import { ReadableStream } from 'node:stream/web';
import { APIError, tts } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { describe, expect } from 'vitest';
import { ruleOf, type ContractOptions } from './contract-options.js';
import { watchSockets } from './nothing-left.js';

/** The rules, by the names that `except` uses. */
export type TTSRule =
  | 'describes-itself'
  | 'streams'
  | 'frames'
  | 'synthesize'
  | 'nothing-to-say'
  | 'two-streams'
  | 'closes'
  | 'wrong-key';

export type TTSContractOptions = ContractOptions<tts.TTS, TTSRule>;

/** What is spoken: more than one sentence, handed over in the pieces in which a model writes. */
const PIECES = ['Good mor', 'ning to you. ', 'This is a ', 'second sentence.'];
const TEXT = PIECES.join('');
/** Seconds of audio a character: between a fast and a very slow speaker. */
const MIN_S_A_CHARACTER = 0.02;
const MAX_S_A_CHARACTER = 0.3;
/** Mean amplitude below which nobody hears anything. */
const AUDIBLE = 50;
const REFUSAL_MS = 15_000;

/**
 * What an `AgentSession` relies on in a `tts.TTS`, as a vitest suite. Call it at the top of a test file.
 *
 * @example
 * ```ts
 * testTTSContract({ name: 'acme', create: () => new AcmeTTS({ apiKey }) });
 * ```
 */
export const testTTSContract = (options: TTSContractOptions): void => {
  const { name, create, createWithWrongKey } = options;
  const rule = ruleOf(options);

  const using = async (
    make: () => tts.TTS | Promise<tts.TTS>,
    test: (subject: tts.TTS, failures: TTSFailure[]) => Promise<void>,
  ): Promise<void> => {
    const subject = await make();
    const failures: TTSFailure[] = [];
    subject.on('error', (failure) => failures.push(failure));
    try {
      await test(subject, failures);
    } finally {
      await subject.close();
    }
  };

  const open = (subject: tts.TTS, pieces: readonly string[]): tts.SynthesizeStream => {
    const stream = subject.stream();
    stream.updateInputStream(
      new ReadableStream<string>({
        start: (controller) => {
          for (const piece of pieces) controller.enqueue(piece);
          controller.close();
        },
      }),
    );
    return stream;
  };
  const speak = async (subject: tts.TTS, pieces: readonly string[]): Promise<AudioFrame[]> => {
    const frames: AudioFrame[] = [];
    const stream = open(subject, pieces);
    for await (const item of stream) {
      if (typeof item === 'symbol') break;
      frames.push(item.frame);
    }
    stream.close();
    return frames;
  };
  const expectSpoken = (frames: readonly AudioFrame[], text: string): void => {
    const seconds = frames.reduce((sum, f) => sum + f.samplesPerChannel / f.sampleRate, 0);
    expect(seconds / text.length).toBeGreaterThan(MIN_S_A_CHARACTER);
    expect(seconds / text.length).toBeLessThan(MAX_S_A_CHARACTER);
    let sum = 0;
    let samples = 0;
    for (const { data } of frames) {
      for (const sample of data) sum += Math.abs(sample);
      samples += data.length;
    }
    expect(sum / samples, 'the audio is silence').toBeGreaterThan(AUDIBLE);
  };

  describe(`${name} keeps the contract of a TTS`, () => {
    rule('describes-itself', 'it says what it is and what it gives', () =>
      using(create, (subject) => {
        expect(subject.label).not.toBe('');
        expect(subject.sampleRate).toBeGreaterThanOrEqual(8000);
        expect(subject.numChannels).toBe(1);
        expect(subject.capabilities.streaming).toBe(true);
        return Promise.resolve();
      }),
    );

    rule('streams', 'text that comes in pieces is spoken whole', () =>
      using(create, async (subject, failures) => {
        expectSpoken(await speak(subject, PIECES), TEXT);
        expect(failures).toEqual([]);
      }),
    );

    rule('frames', 'frames have one rate, one channel and memory of their own', () =>
      using(create, async (subject) => {
        for (const frame of await speak(subject, PIECES)) {
          expect(frame.sampleRate).toBe(subject.sampleRate);
          expect(frame.channels).toBe(1);
          // What plays them ignores the offset of a view.
          expect(frame.data.byteOffset).toBe(0);
        }
      }),
    );

    rule('synthesize', 'one text is spoken in one request', () =>
      using(create, async (subject) => {
        const frames: AudioFrame[] = [];
        for await (const { frame } of subject.synthesize(TEXT)) frames.push(frame);
        expectSpoken(frames, TEXT);
      }),
    );

    rule('nothing-to-say', 'no text is no audio and no failure, and the stream ends', () =>
      using(create, async (subject, failures) => {
        expect(await speak(subject, [])).toEqual([]);
        expect(failures).toEqual([]);
      }),
    );

    rule('two-streams', 'two texts at once are both spoken', () =>
      using(create, async (subject) => {
        const [one, two] = await Promise.all([
          speak(subject, ['The first of them. ']),
          speak(subject, PIECES),
        ]);
        expectSpoken(one, 'The first of them. ');
        expectSpoken(two, TEXT);
      }),
    );

    rule('closes', 'a stream that is closed ends at once and leaves no socket', async () => {
      const checkSockets = watchSockets();
      await using(create, async (subject) => {
        const stream = open(subject, PIECES);
        const reading = (async () => {
          for await (const _item of stream);
        })();
        await delay(100);
        stream.close();
        await reading;
      });
      await checkSockets();
    });

    if (createWithWrongKey === undefined) return;
    rule('wrong-key', 'a wrong key is a clear error that is not repeated', () =>
      using(createWithWrongKey, async (subject, failures) => {
        const speaking = speak(subject, PIECES);
        const failed = (): TTSFailure | undefined =>
          failures.find(({ error }) => error instanceof APIError && !error.retryable);
        await expect.poll(failed, { timeout: REFUSAL_MS }).toBeDefined();
        expect(await speaking).toEqual([]);
      }),
    );
  });
};

type TTSFailure = Parameters<tts.TTSCallbacks['error']>[0];
