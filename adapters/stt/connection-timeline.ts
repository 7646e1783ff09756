interface Anchor {
  /** Samples that the connection had been sent before this point. */
  readonly sent: number;
  /** Where in the stream the audio sent from here on comes from. */
  readonly position: number;
}

/** Gaps beyond this forget the oldest: each one already means that audio was dropped. */
const MAX_ANCHORS = 100;

/**
 * Maps a connection's clock to the stream's. A service counts audio from the first sample of its
 * connection; the stream goes on over many of them, and may have a gap where audio was dropped.
 */
export class ConnectionTimeline {
  #anchors: Anchor[] = [];
  #sent = 0;
  #next = 0;

  /** @param sampleRate - of both clocks, in Hz */
  constructor(readonly sampleRate: number) {}

  /** Audio sent over this connection, in ms. */
  get sentMs(): number {
    return (this.#sent * 1000) / this.sampleRate;
  }

  /** Notes that `samples` of audio that begin at sample `position` of the stream are sent now. */
  advance(position: number, samples: number): void {
    if (this.#anchors.length === 0 || position !== this.#next) {
      if (this.#anchors.length >= MAX_ANCHORS) this.#anchors.shift();
      this.#anchors.push({ sent: this.#sent, position });
    }
    this.#sent += samples;
    this.#next = position + samples;
  }

  /** Position in the stream, in samples, of a time in ms of the connection. */
  toPosition(connectionMs: number): number {
    const sent = Math.round((Math.max(0, connectionMs) * this.sampleRate) / 1000);
    const anchor = this.#anchors.findLast((a) => a.sent <= sent) ?? this.#anchors[0];
    if (anchor === undefined) return 0;
    // A service that rounds up must not settle audio it was never sent.
    return Math.min(anchor.position + Math.max(0, sent - anchor.sent), this.#next);
  }

  /** Time in the stream, in ms, of a time in ms of the connection. */
  toStreamMs(connectionMs: number): number {
    return (this.toPosition(connectionMs) * 1000) / this.sampleRate;
  }
}
