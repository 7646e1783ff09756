import { indexOfSample } from '../indexed-speech.js';

/** A word as a fake recogniser understood it; times in ms of audio since the connection began. */
export interface HeardWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What a fake recogniser hears. The fakes of all vendors share it, so that they differ in their
 * protocol only.
 */
export interface FakeEar {
  /** Takes s16le mono samples. */
  hear(samples: Int16Array): void;
  /** Every word so far, in order. */
  readonly words: readonly HeardWord[];
  /** Audio received, in ms. */
  readonly receivedMs: number;
  /** A pause follows the last word: the speaker stopped. */
  readonly pausing: boolean;
}

/**
 * Hears indexed audio (`indexed-audio.ts`, `indexed-speech.ts`): each 20 ms frame is a word, the frame's number. What was
 * delivered, transcribed, repeated or lost is known exactly. Zeros are silence.
 */
export class IndexedEar implements FakeEar {
  readonly words: HeardWord[] = [];
  readonly #seen = new Set<number>();
  #received = 0;
  #pauseSamples = 0;

  /** @param sampleRate - in Hz */
  constructor(readonly sampleRate: number) {}

  get receivedMs(): number {
    return (this.#received * 1000) / this.sampleRate;
  }

  get pausing(): boolean {
    return this.words.length > 0 && this.#pauseSamples >= (PAUSE_MS * this.sampleRate) / 1000;
  }

  hear(samples: Int16Array): void {
    for (const sample of samples) {
      const index = indexOfSample(sample);
      if (index > 0 && !this.#seen.has(index)) {
        this.#seen.add(index);
        const startMs = this.receivedMs;
        this.words.push({ text: String(index), startMs, endMs: startMs + 20 });
      }
      this.#pauseSamples = index === 0 ? this.#pauseSamples + 1 : 0;
      this.#received += 1;
    }
  }
}

/** Silence after speech that counts as a pause. */
const PAUSE_MS = 300;
/** Loudness is judged over such a stretch, in ms. */
const WINDOW_MS = 20;
/** Mean amplitude above which a stretch is speech; a silent microphone is far below. */
const LOUD = 200;
/** One more word is understood for each such stretch of loud audio, in ms. */
const WORD_MS = 250;

/**
 * Hears real audio without understanding it: each utterance (loud audio, then a pause) is the next
 * of the given sentences, its words spread over the loud stretches.
 */
export class SentenceEar implements FakeEar {
  readonly words: HeardWord[] = [];
  readonly #sentences: readonly (readonly string[])[];
  #utterance = 0;
  #spoken = 0;
  #loudMs = 0;
  #quietMs = Infinity;
  #window: number[] = [];
  #received = 0;

  /**
   * @param sampleRate - in Hz
   * @param sentences - the last one repeats
   */
  constructor(
    readonly sampleRate: number,
    sentences: readonly string[],
  ) {
    this.#sentences = sentences.map((sentence) => sentence.split(' '));
  }

  get receivedMs(): number {
    return (this.#received * 1000) / this.sampleRate;
  }

  get pausing(): boolean {
    return this.words.length > 0 && this.#quietMs >= PAUSE_MS;
  }

  hear(samples: Int16Array): void {
    const windowSamples = (WINDOW_MS * this.sampleRate) / 1000;
    for (const sample of samples) {
      this.#window.push(Math.abs(sample));
      this.#received += 1;
      if (this.#window.length < windowSamples) continue;
      const mean = this.#window.reduce((sum, value) => sum + value, 0) / this.#window.length;
      this.#window = [];
      if (mean > LOUD) this.#onLoud();
      else this.#onQuiet();
    }
  }

  #onLoud(): void {
    this.#quietMs = 0;
    this.#loudMs += WINDOW_MS;
    if (this.#loudMs >= (this.#spoken + 1) * WORD_MS) this.#say();
  }

  #onQuiet(): void {
    this.#quietMs += WINDOW_MS;
    if (this.#quietMs < PAUSE_MS || this.#loudMs === 0) return;
    // The rest of the sentence belongs to the utterance that just ended.
    while (this.#say());
    this.#utterance += 1;
    this.#spoken = 0;
    this.#loudMs = 0;
  }

  #say(): boolean {
    const sentence = this.#sentences[this.#utterance] ?? this.#sentences.at(-1) ?? [];
    const text = sentence[this.#spoken];
    if (text === undefined) return false;
    this.#spoken += 1;
    const startMs = Math.max(this.words.at(-1)?.endMs ?? 0, this.receivedMs - WORD_MS);
    this.words.push({ text, startMs, endMs: Math.max(startMs, this.receivedMs) });
    return true;
  }
}
