import { alignedPolicy } from './aligned-policy.js';
import { HypothesisBuffer } from './hypothesis-buffer.js';
import { referencePolicy } from './reference-policy.js';
import { lastSentenceStart } from './sentences.js';
import { shifted, type TimedWord } from './timed-word.js';

/** Where a buffer that has become long is cut. */
export type BufferTrimming = 'segment' | 'sentence';

/** How a {@link LocalAgreement} decides. */
export interface LocalAgreementOptions {
  /** `reference` does exactly what whisper_streaming does, its mistakes at trims included. */
  readonly mode?: 'aligned' | 'reference' | undefined;
  readonly trimming?: BufferTrimming | undefined;
  /** A buffer longer than this is cut at the next opportunity, in ms. */
  readonly trimmingMs?: number | undefined;
  /** Put between words where they are joined. */
  readonly sep?: string | undefined;
  /** The quietest moment between two times of the stream in ms; without it a cut is made in the middle of a gap. */
  readonly quietest?: ((fromMs: number, toMs: number) => number) | undefined;
}

/** What a pass brought. Times in ms of the stream. */
export interface Agreement {
  /** Words that are final now. */
  readonly committed: readonly TimedWord[];
  /** Audio before this may go; undefined while all of it is needed. */
  readonly cutMs: number | undefined;
}

/** Buffer length above which a segment is cut off, where the caller does not say, in ms. */
export const DEFAULT_TRIMMING_MS = 15_000;
/** Sentences may be long: above this a segment is cut off all the same, in ms. Whisper hears 30 s. */
const LONGEST_SENTENCE_MS = 30_000;
/** A buffer without any place to cut is cut after its last word: bounds the time of a pass, in ms. */
export const MAX_BUFFER_MS = 28_000;
/** Characters of committed text that steer the next pass: Whisper looks at 224 tokens. */
const PROMPT_CHARS = 200;
/** Committed words that are remembered, for prompts and sentences: some minutes, whatever the stream lasts. */
const REMEMBERED_WORDS = 400;
/** A cut is made at most this long after a word, in ms: the next word may begin before its time says. */
const MAX_AFTER_WORD_MS = 150;
/** How far around a gap the quietest moment is looked for, in ms: word times are wrong by this much. */
const QUIET_SEARCH_MS = 80;

/** The state of LocalAgreement-2 for one stream: what was committed, what is pending, and where the buffer begins. No audio. */
export class LocalAgreement {
  readonly #reference: boolean;
  readonly #trimming: BufferTrimming;
  readonly #trimmingMs: number;
  readonly #sep: string;
  readonly #quietest: LocalAgreementOptions['quietest'];
  readonly #hypotheses: HypothesisBuffer;
  #recent: TimedWord[] = [];
  #offsetMs: number;

  /** @param offsetMs - time of the first sample */
  constructor(options: LocalAgreementOptions = {}, offsetMs = 0) {
    this.#reference = options.mode === 'reference';
    this.#trimming = options.trimming ?? 'segment';
    this.#trimmingMs = options.trimmingMs ?? DEFAULT_TRIMMING_MS;
    this.#sep = options.sep ?? '';
    this.#quietest = options.quietest;
    this.#offsetMs = offsetMs;
    this.#hypotheses = new HypothesisBuffer(
      this.#reference ? referencePolicy : alignedPolicy,
      offsetMs,
    );
  }

  /** Where the buffer begins, in ms of the stream. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  get pending(): readonly TimedWord[] {
    return this.#hypotheses.pending;
  }

  /** Committed words whose audio is still in the buffer. */
  get committedInBuffer(): readonly TimedWord[] {
    return this.#hypotheses.committed;
  }

  /** Committed text from before the buffer, for the next pass. */
  get prompt(): string {
    let end = Math.max(0, this.#recent.length - 1);
    while (end > 0 && (this.#recent[end - 1]?.endMs ?? 0) > this.#offsetMs) end -= 1;
    let begin = end;
    for (let chars = 0; begin > 0 && chars < PROMPT_CHARS;) {
      begin -= 1;
      chars += (this.#recent[begin]?.text.length ?? 0) + 1;
    }
    return this.#recent
      .slice(begin, end)
      .map(({ text }) => text)
      .join(this.#sep);
  }

  /**
   * Takes a pass over the buffer.
   *
   * @param words - and `segmentEnds` in ms from the start of the buffer
   * @param bufferMs - length of the buffer that the pass heard
   */
  insert(words: readonly TimedWord[], segmentEnds: readonly number[], bufferMs: number): Agreement {
    const heard = words.map((word) => shifted(word, this.#offsetMs));
    const committed = this.#hypotheses.insert(heard, this.#offsetMs);
    this.#remember(committed);
    const ends = segmentEnds.map((end) => end + this.#offsetMs);
    let cutMs: number | undefined;
    if (this.#trimming === 'sentence' && committed.length > 0 && bufferMs > this.#trimmingMs) {
      cutMs = this.#cut(lastSentenceStart(this.#recent));
    }
    const limitMs = this.#trimming === 'segment' ? this.#trimmingMs : LONGEST_SENTENCE_MS;
    if (cutMs === undefined && bufferMs > limitMs) cutMs = this.#cut(this.#lastSegmentEnd(ends));
    if (this.#reference || cutMs !== undefined || bufferMs <= MAX_BUFFER_MS) {
      return { committed, cutMs };
    }
    return this.#forceCut(committed, this.#offsetMs + bufferMs);
  }

  /** Commits everything that is pending: no pass follows. */
  finish(): TimedWord[] {
    const rest = this.#hypotheses.commitPending(Infinity);
    this.#remember(rest);
    return rest;
  }

  /** Nothing was said before `ms`, or it is committed: the buffer begins there. */
  skipTo(ms: number): void {
    this.#hypotheses.cutBefore(ms);
    this.#offsetMs = ms;
  }

  #remember(words: readonly TimedWord[]): void {
    this.#recent.push(...words);
    if (this.#recent.length > 2 * REMEMBERED_WORDS) {
      this.#recent = this.#recent.slice(-REMEMBERED_WORDS);
    }
  }

  /** The end of the last segment but one that is committed as a whole. */
  #lastSegmentEnd(ends: readonly number[]): number | undefined {
    const lastMs = this.#recent.at(-1)?.endMs;
    if (lastMs === undefined || ends.length < 2) return undefined;
    let candidates = ends.slice(0, -1);
    while (candidates.length > 1 && (candidates.at(-1) ?? 0) > lastMs) {
      candidates = candidates.slice(0, -1);
    }
    const end = candidates.at(-1);
    return end !== undefined && end <= lastMs ? end : undefined;
  }

  #cut(endMs: number | undefined): number | undefined {
    if (endMs === undefined || endMs <= this.#offsetMs) return undefined;
    const at = this.#reference ? endMs : this.#gapAfter(endMs);
    this.skipTo(at);
    return at;
  }

  /** A moment without a word near `endMs`. */
  #gapAfter(endMs: number): number {
    const words = [...this.#hypotheses.committed, ...this.#hypotheses.pending];
    const next = words.find(({ startMs, endMs: end }) => startMs >= endMs || end > endMs);
    const gapMs = Math.max(0, (next?.startMs ?? endMs) - endMs);
    const at = endMs + Math.min(gapMs / 2, MAX_AFTER_WORD_MS);
    const from = Math.max(this.#offsetMs, endMs - QUIET_SEARCH_MS);
    return this.#quietest?.(from, endMs + gapMs + QUIET_SEARCH_MS) ?? at;
  }

  /** No place to cut was found in time: what is pending in the first half is taken as it is. */
  #forceCut(committed: readonly TimedWord[], bufferEndMs: number): Agreement {
    const middleMs = (this.#offsetMs + bufferEndMs) / 2;
    const forced = this.#hypotheses.commitPending(middleMs);
    this.#remember(forced);
    const last = this.#hypotheses.committed.findLast(({ endMs }) => endMs <= middleMs);
    const at = this.#gapAfter(last?.endMs ?? middleMs);
    this.skipTo(at);
    return { committed: [...committed, ...forced], cutMs: at };
  }
}
