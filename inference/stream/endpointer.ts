import {
  DETECTOR_LAG_MS,
  MAX_UTTERANCE_MS,
  MIN_CUT_MS,
  MIN_SPEECH_MS,
  PAUSE_MS,
  PRE_ROLL_MS,
} from './stream-limits.js';

/** What the endpointer noticed; positions in samples at 16 kHz since the stream's start. */
export type EndpointEvent =
  | { readonly type: 'started'; readonly start: number; readonly at: number }
  /** Silence since `speechEnd`: the utterance may be over. */
  | { readonly type: 'paused'; readonly speechEnd: number }
  | { readonly type: 'resumed' }
  | { readonly type: 'ended'; readonly speechEnd: number; readonly noise: boolean }
  /** Too long: it must be cut at `at`, or where it is quietest when there was no pause. What follows is the next utterance. */
  | { readonly type: 'too-long'; readonly at: number | undefined };

const PER_MS = 16;

/** Turns the detector's flags into utterances. Holds a few numbers only. */
export class Endpointer {
  readonly #silence: number;
  #inSpeech = false;
  #paused = false;
  #start = 0;
  #speechEnd = 0;
  #speechSamples = 0;
  #settled = 0;
  #bestGap: { length: number; at: number } | undefined;

  /** @param silenceMs - silence that ends an utterance */
  constructor(silenceMs: number) {
    this.#silence = silenceMs * PER_MS;
  }

  get inSpeech(): boolean {
    return this.#inSpeech;
  }

  /** Silence at the end of the audio so far, in samples. */
  silenceAt(position: number): number {
    return position - this.#speechEnd;
  }

  /** @param windowStart - position of the window that `speech` is about */
  next(speech: boolean, windowStart: number, windowSamples: number): EndpointEvent[] {
    const windowEnd = windowStart + windowSamples;
    if (!this.#inSpeech) {
      if (!speech) return [];
      const start = Math.max(this.#settled, windowStart - PRE_ROLL_MS * PER_MS);
      this.#begin(start, windowEnd, windowSamples);
      return [{ type: 'started', start, at: windowStart }];
    }
    return [
      ...(speech ? this.#speech(windowStart, windowEnd, windowSamples) : this.#quiet(windowEnd)),
      ...this.#tooLong(windowEnd),
    ];
  }

  /** Ends the utterance now, wherever it is. @returns false when nobody spoke */
  finish(position: number): boolean {
    const spoke = this.#inSpeech;
    this.#inSpeech = false;
    this.#settled = position;
    return spoke;
  }

  /** Goes on as the next utterance from `position`, after a cut. */
  cutAt(position: number): void {
    this.#settled = position;
    this.#start = position;
    this.#bestGap = undefined;
    this.#speechSamples = Math.max(0, this.#speechEnd - position);
  }

  #begin(start: number, speechEnd: number, speechSamples: number): void {
    this.#inSpeech = true;
    this.#paused = false;
    this.#start = start;
    this.#speechEnd = speechEnd;
    this.#speechSamples = speechSamples;
    this.#bestGap = undefined;
  }

  #speech(windowStart: number, windowEnd: number, windowSamples: number): EndpointEvent[] {
    const gap = windowStart - this.#speechEnd;
    const at = windowStart - Math.floor(gap / 2);
    if (gap > (this.#bestGap?.length ?? 0) && at - this.#start >= MIN_CUT_MS * PER_MS) {
      this.#bestGap = { length: gap, at };
    }
    this.#speechEnd = windowEnd;
    this.#speechSamples += windowSamples;
    if (!this.#paused) return [];
    this.#paused = false;
    return [{ type: 'resumed' }];
  }

  #quiet(windowEnd: number): EndpointEvent[] {
    const silence = windowEnd - this.#speechEnd + DETECTOR_LAG_MS * PER_MS;
    const speechEnd = this.#speechEnd;
    const events: EndpointEvent[] = [];
    if (!this.#paused && silence >= PAUSE_MS * PER_MS) {
      this.#paused = true;
      events.push({ type: 'paused', speechEnd });
    }
    if (silence >= this.#silence) {
      this.#inSpeech = false;
      this.#settled = speechEnd;
      const noise = this.#speechSamples < MIN_SPEECH_MS * PER_MS;
      events.push({ type: 'ended', speechEnd, noise });
    }
    return events;
  }

  #tooLong(windowEnd: number): EndpointEvent[] {
    if (!this.#inSpeech || windowEnd - this.#start < MAX_UTTERANCE_MS * PER_MS) return [];
    return [{ type: 'too-long', at: this.#bestGap?.at }];
  }
}
