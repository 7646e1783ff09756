import type { ASRBase } from '../../inference/asr/asr-base.js';
import type { TimedWord } from '../../inference/asr/timed-word.js';

/** How badly a {@link ScriptedASR} hears. */
export interface Mishearing {
  /** Numbers in 0…1, the same for the same seed. */
  readonly random: () => number;
  /** Word times are wrong by up to this, in ms. */
  readonly jitterMs: number;
  /** How often the last word of a buffer is heard wrongly, as cut words are. */
  readonly cutWords: number;
}

/** A generator of numbers in 0…1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A recogniser that knows what is said in a stream and hears the part that is in the buffer, more or less well. */
export class ScriptedASR implements ASRBase<TimedWord[]> {
  readonly sep = '';
  longestBufferMs = 0;

  constructor(
    /** What is said, in ms of the stream. */
    readonly script: readonly TimedWord[],
    /** Where the buffer begins, in ms of the stream. */
    readonly bufferOffsetMs: () => number,
    readonly mishearing: Mishearing,
  ) {}

  transcribe(audio: Float32Array<ArrayBuffer>): Promise<TimedWord[]> {
    const { random, jitterMs, cutWords } = this.mishearing;
    const bufferMs = audio.length / 16;
    this.longestBufferMs = Math.max(this.longestBufferMs, bufferMs);
    const offsetMs = this.bufferOffsetMs();
    const jitter = (): number => (random() * 2 - 1) * jitterMs;
    const heard = this.script
      .map(({ startMs, endMs, text }) => ({
        startMs: startMs - offsetMs,
        endMs: endMs - offsetMs,
        text,
      }))
      .filter(({ startMs, endMs }) => (startMs + endMs) / 2 >= 0 && startMs < bufferMs - 100);
    return Promise.resolve(
      heard.map(({ startMs, endMs, text }, i) => {
        const last = i === heard.length - 1 && endMs > bufferMs - 200;
        const start = Math.max(0, Math.min(startMs + jitter(), bufferMs - 60));
        return {
          startMs: start,
          endMs: Math.max(start + 60, Math.min(endMs + jitter(), bufferMs)),
          text: last && random() < cutWords ? `${text.slice(0, -1)}x.` : text,
        };
      }),
    );
  }

  tsWords(result: TimedWord[]): TimedWord[] {
    return result;
  }

  segmentsEndTs(result: TimedWord[]): number[] {
    const ends = result.filter(({ text }) => text.endsWith('.')).map(({ endMs }) => endMs);
    const last = result.at(-1)?.endMs;
    return last === undefined || ends.at(-1) === last ? ends : [...ends, last];
  }

  useVad(): boolean {
    return false;
  }
}

const VOCABULARY =
  'the a house of on Mr. Smith was and no again river stone seven went light that to her it bird'.split(
    ' ',
  );

/** Sentences of invented speech, about `words` words of it, with pauses between them. Some words are said twice. */
export function inventedSpeech(words: number, random: () => number): TimedWord[] {
  const script: TimedWord[] = [];
  let atMs = 300;
  let inSentence = 0;
  for (let i = 0; i < words; i += 1) {
    const word = VOCABULARY[Math.floor(random() * VOCABULARY.length)] ?? 'the';
    inSentence += 1;
    const ends = inSentence > 5 && random() < 0.25;
    const lengthMs = 180 + random() * 280;
    script.push({ startMs: atMs, endMs: atMs + lengthMs, text: ` ${word}${ends ? '.' : ''}` });
    atMs += lengthMs + (ends ? 300 + random() * 500 : random() * 40);
    if (ends) inSentence = 0;
  }
  return script;
}
