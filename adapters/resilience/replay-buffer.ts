/** A stretch of audio: `pcm` is 16-bit mono that begins at sample `start` of the stream. */
export interface AudioPiece {
  readonly start: number;
  readonly pcm: Int16Array;
}

export interface ReplayBufferLimits {
  /**
   * Audio kept at most, in seconds. Default 60: longer than any outage a caller waits through, and
   * more than a minute of replay would arrive too late to be answered.
   */
  readonly maxSeconds: number;
  /** Audio kept at most, in bytes. Default 4 MiB: 60 s of 32 kHz mono. */
  readonly maxBytes: number;
}

export const DEFAULT_REPLAY_LIMITS: ReplayBufferLimits = { maxSeconds: 60, maxBytes: 4 << 20 };

/**
 * The audio that no transcript covers yet, addressed by its sample number since the stream began.
 *
 * New audio is appended whether or not a connection exists; what the service has settled is
 * forgotten; after a broken connection the rest is read again. Beyond its limits the oldest audio
 * is dropped and counted, so memory is bounded whatever a service does.
 */
export class ReplayBuffer {
  readonly #maxSamples: number;
  #pieces: AudioPiece[] = [];
  #end = 0;
  #settled = 0;
  #droppedSamples = 0;

  /** @param sampleRate - of the audio, in Hz */
  constructor(
    readonly sampleRate: number,
    limits: Partial<ReplayBufferLimits> = {},
  ) {
    const { maxSeconds, maxBytes } = { ...DEFAULT_REPLAY_LIMITS, ...limits };
    this.#maxSamples = Math.floor(Math.min(maxSeconds * sampleRate, maxBytes / 2));
  }

  /** Sample number after the last one received. */
  get end(): number {
    return this.#end;
  }

  /** Sample number up to which nothing has to be sent again. */
  get settled(): number {
    return this.#settled;
  }

  /** First sample that is still here: where a replay begins. */
  get start(): number {
    return this.#pieces[0]?.start ?? this.#end;
  }

  /** Samples that left unsettled because the buffer was full. */
  get droppedSamples(): number {
    return this.#droppedSamples;
  }

  /** Appends audio, which must be the buffer's own copy. Returns how many old samples were dropped. */
  append(pcm: Int16Array): number {
    if (pcm.length === 0) return 0;
    this.#pieces.push({ start: this.#end, pcm });
    this.#end += pcm.length;
    let dropped = 0;
    // The newest piece stays even if it alone is over the limit: pieces are 50 ms.
    while (this.#pieces.length > 1 && this.#end - this.start > this.#maxSamples) {
      dropped += this.#pieces.shift()?.pcm.length ?? 0;
    }
    this.#droppedSamples += dropped;
    return dropped;
  }

  /** Forgets audio before `sample`; never moves back. */
  settle(sample: number): void {
    const upTo = Math.min(Math.max(sample, this.#settled), this.#end);
    this.#settled = upTo;
    for (let first = this.#pieces[0]; first !== undefined; first = this.#pieces[0]) {
      if (first.start >= upTo) return;
      this.#pieces.shift();
      const keep = first.start + first.pcm.length - upTo;
      if (keep > 0) {
        this.#pieces.unshift({ start: upTo, pcm: first.pcm.subarray(first.pcm.length - keep) });
        return;
      }
    }
  }

  /** The piece at `sample`, or the next one if that audio is gone; `undefined` at the end. */
  read(sample: number): AudioPiece | undefined {
    const index = this.#indexOf(sample);
    const piece = this.#pieces[index];
    if (piece === undefined) return undefined;
    const skip = Math.max(0, sample - piece.start);
    return skip === 0 ? piece : { start: sample, pcm: piece.pcm.subarray(skip) };
  }

  /** A copy of the audio from `from` up to `to` (exclusive), as far as it is still here. */
  slice(from: number, to: number): Int16Array {
    const begin = Math.max(from, this.start);
    const out = new Int16Array(Math.max(0, Math.min(to, this.#end) - begin));
    let at = begin;
    while (at < begin + out.length) {
      const piece = this.read(at);
      if (piece === undefined) break;
      const part = piece.pcm.subarray(0, begin + out.length - at);
      out.set(part, at - begin);
      at += part.length;
    }
    return out;
  }

  /** Index of the first piece that ends after `sample`: pieces are contiguous, so bisect. */
  #indexOf(sample: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const piece = this.#pieces[middle];
      if (piece !== undefined && piece.start + piece.pcm.length <= sample) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
