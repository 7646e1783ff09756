import { setTimeout as delay } from 'node:timers/promises';
import { APIError, stt } from '@livekit/agents';
import { describe, expect } from 'vitest';
import { ruleOf, type ContractOptions } from './contract-options.js';
import { watchSockets } from './nothing-left.js';
import { extraWords, framesOf, heardShare, tripled, type SpokenClip } from './spoken-clip.js';

/** The rules, by the names that `except` uses. */
export type STTRule =
  | 'describes-itself'
  | 'transcribes'
  | 'interims'
  | 'times'
  | 'silence'
  | 'any-rate'
  | 'two-streams'
  | 'recognize'
  | 'closes'
  | 'wrong-key';

export interface STTContractOptions extends ContractOptions<stt.STT, STTRule> {
  /** A recording of a sentence, and what is said in it. */
  readonly clip: SpokenClip;
  /** Times real time at which audio is pushed. Default 1: what a live service is made for. */
  readonly pace?: number;
  /** Share of the clip's words that has to be heard. Default 0.8. */
  readonly minHeard?: number;
}

/** Silence after the clip, in ms: a service that cuts utterances has to see that it ended. */
const PAUSE_MS = 1500;
/** A wrong key is noticed within this time, in ms. */
const REFUSAL_MS = 10_000;
/** Clocks of services are not exact to the sample, in s. */
const TOLERANCE_S = 0.5;

/**
 * What an `AgentSession` relies on in an `stt.STT`, as a vitest suite. Call it at the top of a test file.
 *
 * @example
 * ```ts
 * testSTTContract({ name: 'acme', create: () => new AcmeSTT({ apiKey }), clip: readClip('hello.wav', 'Hello there.') });
 * ```
 */
export const testSTTContract = (options: STTContractOptions): void => {
  const { name, create, createWithWrongKey, clip, pace = 1, minHeard = 0.8 } = options;
  const rule = ruleOf(options);

  const using = async (
    make: () => stt.STT | Promise<stt.STT>,
    test: (subject: stt.STT, failures: STTFailure[]) => Promise<void>,
  ): Promise<void> => {
    const subject = await make();
    const failures: STTFailure[] = [];
    // Without a listener the framework's emitter throws.
    subject.on('error', (failure) => failures.push(failure));
    try {
      await test(subject, failures);
    } finally {
      await subject.close();
    }
  };

  /** Streams a clip to its end and returns every event. */
  const stream = async (subject: stt.STT, spoken: SpokenClip): Promise<stt.SpeechEvent[]> => {
    const running = subject.stream();
    const events: stt.SpeechEvent[] = [];
    const reading = (async () => {
      for await (const event of running) events.push(event);
    })();
    const startedAt = performance.now();
    for (const [n, frame] of framesOf(spoken, PAUSE_MS).entries()) {
      running.pushFrame(frame);
      const dueMs = ((n + 1) * 20) / pace - (performance.now() - startedAt);
      if (dueMs > 2) await delay(dueMs);
    }
    running.endInput();
    await reading;
    return events;
  };
  const finalsOf = (events: readonly stt.SpeechEvent[]): stt.SpeechData[] =>
    events
      .filter((event) => event.type === stt.SpeechEventType.FINAL_TRANSCRIPT)
      .flatMap((event) => event.alternatives?.slice(0, 1) ?? []);
  const textOf = (events: readonly stt.SpeechEvent[]): string =>
    finalsOf(events)
      .map(({ text }) => text)
      .join(' ');
  const expectHeard = (text: string): void => {
    expect(heardShare(clip.text, text), `heard "${text}"`).toBeGreaterThanOrEqual(minHeard);
    expect(extraWords(clip.text, text), `heard "${text}"`).toBeLessThanOrEqual(
      Math.ceil(clip.text.split(' ').length * (1 - minHeard)),
    );
  };

  describe(`${name} keeps the contract of an STT`, () => {
    rule('describes-itself', 'it says what it is and what it can', () =>
      using(create, (subject) => {
        expect(subject.label).not.toBe('');
        expect(subject.model).not.toBe('');
        expect(subject.provider).not.toBe('');
        expect(subject.capabilities.streaming).toBe(true);
        expect(subject.capabilities.interimResults).toBeTypeOf('boolean');
        return Promise.resolve();
      }),
    );

    rule('transcribes', 'each word of a stream comes once, in finals that are not empty', () =>
      using(create, async (subject, failures) => {
        const events = await stream(subject, clip);
        expectHeard(textOf(events));
        for (const { text } of finalsOf(events)) expect(text.trim()).not.toBe('');
        expect(failures).toEqual([]);
      }),
    );

    rule('interims', 'text comes while it is spoken, if it says so', () =>
      using(create, async (subject) => {
        const types = (await stream(subject, clip)).map(({ type }) => type);
        // A preflight is text before the final as well; a busy machine may have nothing earlier.
        const interim = types.findIndex(
          (type) =>
            type === stt.SpeechEventType.INTERIM_TRANSCRIPT ||
            type === stt.SpeechEventType.PREFLIGHT_TRANSCRIPT,
        );
        const final = types.indexOf(stt.SpeechEventType.FINAL_TRANSCRIPT);
        if (subject.capabilities.interimResults) expect(interim).toBeGreaterThanOrEqual(0);
        if (interim >= 0) expect(interim).toBeLessThan(final);
        const starts = types.filter((type) => type === stt.SpeechEventType.START_OF_SPEECH).length;
        const ends = types.filter((type) => type === stt.SpeechEventType.END_OF_SPEECH).length;
        expect(starts - ends, 'every end of speech has its start').toBeGreaterThanOrEqual(0);
      }),
    );

    rule('times', 'times are seconds of the stream, in order, inside of the audio', () =>
      using(create, async (subject) => {
        const lengthS = clip.samples.length / clip.sampleRate + PAUSE_MS / 1000;
        let lastS = 0;
        for (const { startTime, endTime, confidence, words } of finalsOf(
          await stream(subject, clip),
        )) {
          expect(startTime).toBeGreaterThanOrEqual(lastS - TOLERANCE_S);
          expect(endTime).toBeGreaterThanOrEqual(startTime);
          expect(endTime).toBeLessThanOrEqual(lengthS + TOLERANCE_S);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
          for (const word of words ?? []) {
            expect(word.endTime).toBeGreaterThanOrEqual(word.startTime ?? 0);
          }
          lastS = endTime;
        }
      }),
    );

    rule('silence', 'silence is no text and no failure, and the stream ends', () =>
      using(create, async (subject, failures) => {
        const nothing = { ...clip, samples: new Int16Array(clip.sampleRate) };
        expect(textOf(await stream(subject, nothing))).toBe('');
        expect(failures).toEqual([]);
      }),
    );

    rule('any-rate', 'audio of another rate is understood', () =>
      using(create, async (subject) => {
        expectHeard(textOf(await stream(subject, tripled(clip))));
      }),
    );

    rule('two-streams', 'two streams at once do not mix', () =>
      using(create, async (subject) => {
        const silent = { ...clip, samples: new Int16Array(clip.samples.length) };
        const [heard, nothing] = await Promise.all([
          stream(subject, clip),
          stream(subject, silent),
        ]);
        expectHeard(textOf(heard));
        expect(textOf(nothing)).toBe('');
      }),
    );

    rule('recognize', 'a recording is one final', () =>
      using(create, async (subject) => {
        const event = await subject.recognize(framesOf(clip, PAUSE_MS));
        expect(event.type).toBe(stt.SpeechEventType.FINAL_TRANSCRIPT);
        expectHeard(event.alternatives?.[0].text ?? '');
      }),
    );

    rule('closes', 'a stream that is closed ends at once and leaves no socket', async () => {
      const checkSockets = watchSockets();
      await using(create, async (subject) => {
        const running = subject.stream();
        const reading = (async () => {
          for await (const _event of running);
        })();
        for (const frame of framesOf(clip, 0).slice(0, 25)) running.pushFrame(frame);
        await delay(200);
        running.close();
        await reading;
      });
      await checkSockets();
    });

    if (createWithWrongKey === undefined) return;
    rule(
      'wrong-key',
      'a wrong key is a clear error that is not repeated, and not in the text',
      () =>
        using(createWithWrongKey, async (subject, failures) => {
          const running = subject.stream();
          const reading = (async () => {
            for await (const _event of running);
          })();
          const failed = (): STTFailure | undefined =>
            failures.find(({ error }) => error instanceof APIError && !error.retryable);
          // A service that takes whole utterances sees the key when the first one ended.
          for (const frame of framesOf(clip, PAUSE_MS)) running.pushFrame(frame);
          await expect.poll(failed, { timeout: REFUSAL_MS }).toBeDefined();
          running.close();
          await reading;
        }),
    );
  });
};

type STTFailure = Parameters<stt.STTCallbacks['error']>[0];
