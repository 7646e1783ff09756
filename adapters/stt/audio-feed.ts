import { log } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { concat, MonoResampler } from '../audio/mono-resampler.js';
import { ReplayBuffer, type ReplayBufferLimits } from '../resilience/replay-buffer.js';
import { Notifier } from '../transport/notifier.js';

/** Audio is sent in pieces of this length: small enough to be live, large enough to be cheap. */
const PIECE_MS = 50;
/** A warning about dropped audio at most this often. */
const WARN_EVERY_MS = 10_000;
/** Marks beyond this replace the last one: nobody flushes this often before a final comes. */
const MAX_FLUSH_MARKS = 1000;

/**
 * The one reader of a stream's input. It runs for as long as the stream does, whatever happens to
 * connections, and turns frames of any format into pieces of 50 ms in a bounded buffer.
 *
 * There must be exactly one: a second reader left over from a failed attempt steals frames.
 */
export class AudioFeed {
  readonly buffer: ReplayBuffer;
  /** Something was added, or the input ended. */
  readonly changed = new Notifier();
  readonly #resampler: MonoResampler;
  readonly #pieceSamples: number;
  #pending: Int16Array[] = [];
  #pendingSamples = 0;
  #flushMarks: number[] = [];
  #ended = false;
  #warnedAt = -Infinity;

  /** @param sampleRate - of the audio in the buffer, in Hz */
  constructor(
    readonly sampleRate: number,
    limits: Partial<ReplayBufferLimits> = {},
  ) {
    this.buffer = new ReplayBuffer(sampleRate, limits);
    this.#resampler = new MonoResampler(sampleRate);
    this.#pieceSamples = Math.max(1, Math.round((sampleRate * PIECE_MS) / 1000));
  }

  /** No more audio will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Position of the first flush after `from`, in samples. */
  nextFlush(from: number): number | undefined {
    return this.#flushMarks.find((mark) => mark >= from);
  }

  /** Forgets flushes up to `upTo`: they were sent, or what they concern is settled. */
  forgetFlushes(upTo: number): void {
    this.#flushMarks = this.#flushMarks.filter((mark) => mark > upTo);
  }

  /** Reads the input to its end. Never throws for a bad frame: it is left out and logged. */
  async pump(input: AsyncIterable<AudioFrame | symbol>): Promise<void> {
    try {
      for await (const item of input) {
        if (typeof item === 'symbol') this.#flush();
        else this.push(item);
      }
    } finally {
      this.end();
    }
  }

  /** Adds one frame. Its samples are copied. */
  push(frame: AudioFrame): void {
    let pcm: Int16Array;
    try {
      pcm = this.#resampler.push(frame);
    } catch (error) {
      log().warn({ error, sampleRate: frame.sampleRate }, 'audio frame left out: cannot resample');
      return;
    }
    if (pcm.length === 0) return;
    this.#pending.push(pcm);
    this.#pendingSamples += pcm.length;
    if (this.#pendingSamples >= this.#pieceSamples) this.#cut();
  }

  /** Ends the audio: what is held back goes out. May be called again. */
  end(): void {
    if (this.#ended) return;
    try {
      this.#drain();
    } catch (error) {
      log().warn({ error }, 'the last milliseconds of audio were lost: cannot resample');
    }
    this.#resampler.close();
    this.#ended = true;
    this.changed.notify();
  }

  #flush(): void {
    this.#drain();
    const { end } = this.buffer;
    if (this.#flushMarks.at(-1) === end) return;
    if (this.#flushMarks.length >= MAX_FLUSH_MARKS) this.#flushMarks.pop();
    this.#flushMarks.push(end);
    this.changed.notify();
  }

  #drain(): void {
    const rest = this.#resampler.flush();
    if (rest.length > 0) {
      this.#pending.push(rest);
      this.#pendingSamples += rest.length;
    }
    this.#cut(true);
  }

  /** Moves whole pieces into the buffer; with `all`, the remainder too. */
  #cut(all = false): void {
    const pcm = concat(this.#pending);
    let at = 0;
    for (; pcm.length - at >= this.#pieceSamples; at += this.#pieceSamples) {
      this.#append(pcm.slice(at, at + this.#pieceSamples));
    }
    if (all) this.#append(pcm.slice(at));
    this.#pending = all || at === pcm.length ? [] : [pcm.slice(at)];
    this.#pendingSamples = all ? 0 : pcm.length - at;
    this.changed.notify();
  }

  #append(pcm: Int16Array): void {
    const dropped = this.buffer.append(pcm);
    if (dropped === 0 || performance.now() - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = performance.now();
    log().warn(
      { droppedMs: Math.round((this.buffer.droppedSamples * 1000) / this.sampleRate) },
      'audio buffer full: the oldest audio can no longer be replayed',
    );
  }
}
