/** A timer that is late, or audio that came in a burst, is no gap; a second of silence that was not sent is. */
const GAP_MS = 300;

/** Gaps beyond this forget the oldest: words are recognised within seconds of being spoken. */
const MAX_ANCHORS = 200;

interface Anchor {
  /** Audio that had been pushed before this point, in ms. */
  readonly audioMs: number;
  /** When it was spoken, in ms since 1970. */
  readonly epochMs: number;
}

/**
 * Tells when a moment of an audio stream was spoken. A recogniser counts the audio it was given, and a muted or
 * reconnecting participant sends none, so the two clocks part at every gap.
 */
export class AudioClock {
  #anchors: Anchor[] = [];
  #pushedMs = 0;

  /** Notes that `durationMs` of audio, spoken until `nowMs` (since 1970), is handed to the recogniser. */
  push(durationMs: number, nowMs: number): void {
    const last = this.#anchors.at(-1);
    const startedAt = nowMs - durationMs;
    const expected = last
      ? last.epochMs + (this.#pushedMs - last.audioMs)
      : Number.NEGATIVE_INFINITY;
    if (Math.abs(startedAt - expected) > GAP_MS) {
      this.#anchors.push({ audioMs: this.#pushedMs, epochMs: startedAt });
      if (this.#anchors.length > MAX_ANCHORS) this.#anchors.shift();
    }
    this.#pushedMs += durationMs;
  }

  /** When the audio at `audioMs` of the stream was spoken, in ms since 1970; undefined before the first audio. */
  toEpochMs(audioMs: number): number | undefined {
    const anchor = this.#anchors.findLast((a) => a.audioMs <= audioMs) ?? this.#anchors[0];
    return anchor && Math.round(anchor.epochMs + audioMs - anchor.audioMs);
  }
}
