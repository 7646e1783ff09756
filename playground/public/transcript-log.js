/** A call of hours: beyond this the oldest segments are dropped from what can be saved, and counted. */
const MOST_SEGMENTS = 10_000;

/** The final words of a call with their times, to be saved. */
export class TranscriptLog {
  #segments = new Map();
  #now;
  startedMs;
  dropped = 0;

  /** @param {() => number} [now] ms since 1970, for tests */
  constructor(now = Date.now) {
    this.#now = now;
    this.startedMs = now();
  }

  /**
   * Notes a piece of text. Words that say when they were spoken keep that; others began when their first
   * piece came and ended when they were final.
   * @param {{id: string, name: string, text: string, isFinal: boolean, fromMs?: number, toMs?: number}} piece
   */
  add({ id, name, text, isFinal, fromMs, toMs }) {
    const now = this.#now();
    const known = this.#segments.get(id);
    this.#segments.set(id, {
      ...known,
      speaker: name,
      text,
      isFinal,
      fromMs: fromMs ?? known?.fromMs ?? now,
      toMs: toMs ?? now,
    });
    if (this.#segments.size > MOST_SEGMENTS) {
      this.#segments.delete(this.#segments.keys().next().value);
      this.dropped += 1;
    }
  }

  /** @param {string} id */
  markInterrupted(id) {
    const known = this.#segments.get(id);
    if (known) known.interrupted = true;
  }

  /** Final segments in the order in which they were spoken. */
  get segments() {
    return [...this.#segments.values()]
      .filter(({ isFinal }) => isFinal)
      .sort((a, b) => a.fromMs - b.fromMs);
  }
}
