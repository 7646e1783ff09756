import type { TimedWord } from './timed-word.js';

/** Two passes that agree commit; what happens to words that a pass repeats is the policy's. */
export interface HypothesisPolicy {
  /**
   * Which of the words heard are new.
   *
   * @param heard - every word of the pass, in ms of the stream
   * @param committed - words committed so far that are still in the audio
   * @param context - where the audio begins, where the last committed word ended, and words committed whose audio is gone
   */
  newWords(
    heard: readonly TimedWord[],
    committed: readonly TimedWord[],
    context: HypothesisContext,
  ): TimedWord[];
  /** Whether two passes mean the same word. */
  same(first: string, second: string): boolean;
}

/** What a {@link HypothesisPolicy} may look at. Times in ms of the stream. */
export interface HypothesisContext {
  readonly offsetMs: number;
  readonly lastCommittedMs: number;
  /** The last words before the buffer, oldest first. */
  readonly gone: readonly TimedWord[];
}

/** Words kept after their audio was cut off, to know them when the recogniser repeats them. */
const GONE_WORDS = 8;

/** LocalAgreement-2: a word is committed when two passes in a row begin with it, after what was committed before. */
export class HypothesisBuffer {
  readonly #policy: HypothesisPolicy;
  #committed: TimedWord[] = [];
  #pending: TimedWord[] = [];
  #gone: TimedWord[] = [];
  #lastCommittedMs: number;

  constructor(policy: HypothesisPolicy, offsetMs = 0) {
    this.#policy = policy;
    this.#lastCommittedMs = offsetMs;
  }

  /** Words of the last pass that nothing confirmed yet. */
  get pending(): readonly TimedWord[] {
    return this.#pending;
  }

  /** Words that were committed and whose audio is still in the buffer. */
  get committed(): readonly TimedWord[] {
    return this.#committed;
  }

  /**
   * Takes the words of a pass. @param heard - in ms of the stream @param offsetMs - where the pass's audio began
   * @returns the words that are committed now
   */
  insert(heard: readonly TimedWord[], offsetMs: number): TimedWord[] {
    const fresh = this.#policy.newWords(heard, this.#committed, {
      offsetMs,
      lastCommittedMs: this.#lastCommittedMs,
      gone: this.#gone,
    });
    let agreed = 0;
    for (const [i, { text }] of this.#pending.entries()) {
      const word = fresh[i];
      if (word === undefined || !this.#policy.same(word.text, text)) break;
      agreed += 1;
    }
    const now = fresh.slice(0, agreed);
    this.#pending = fresh.slice(agreed);
    this.#commit(now);
    return now;
  }

  /** Commits pending words that begin before `untilMs` without a second pass, because their audio is about to go. */
  commitPending(untilMs: number): TimedWord[] {
    const end = this.#pending.findIndex(({ startMs }) => startMs >= untilMs);
    const count = end < 0 ? this.#pending.length : end;
    const now = this.#pending.slice(0, count);
    this.#pending = this.#pending.slice(count);
    this.#commit(now);
    return now;
  }

  /** The audio before `ms` is gone. */
  cutBefore(ms: number): void {
    const keep = this.#committed.findIndex(({ endMs }) => endMs > ms);
    const count = keep < 0 ? this.#committed.length : keep;
    this.#gone = [...this.#gone, ...this.#committed.slice(0, count)].slice(-GONE_WORDS);
    this.#committed = this.#committed.slice(count);
  }

  #commit(words: readonly TimedWord[]): void {
    const last = words.at(-1);
    if (last === undefined) return;
    this.#committed.push(...words);
    this.#lastCommittedMs = last.endMs;
  }
}
