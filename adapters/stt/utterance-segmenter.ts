import { VADEventType, type VAD, type VADStream } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { Notifier } from '../transport/notifier.js';
import type { AudioFeed } from './audio-feed.js';

/** Silence fed to the detector after the input's end, so that a last utterance ends too. */
const CLOSING_SILENCE_MS = 1000;
/** The detector counts its samples at this rate, in Hz, whatever it is fed with. */
const VAD_CLOCK_RATE = 16_000;
/** Without a sign of the detector for this long after the end, it is not waited for any more. */
const CLOSING_TIMEOUT_MS = 5000;

export interface UtteranceSegmenterOptions {
  readonly feed: AudioFeed;
  readonly vad: VAD;
  /** Audio kept before the detected start, in ms: detectors notice speech late. */
  readonly prefixMs: number;
  /** An utterance longer than this is cut, in ms, and recognised in parts. */
  readonly maxUtteranceMs: number;
  readonly onStart: (position: number) => void;
  /** Audio between two positions (samples) is an utterance, or a part of one with `last` false. */
  readonly onUtterance: (pcm: Int16Array, from: number, last: boolean) => void;
}

/**
 * Cuts a feed into utterances with a voice detector on this machine.
 *
 * It only takes positions from the detector and keeps the audio itself: the frames in the
 * framework's VAD events are views of a buffer that is overwritten before they are read.
 */
export class UtteranceSegmenter {
  readonly #options: UtteranceSegmenterOptions;
  readonly #progress = new Notifier();
  #position = 0;
  #events = 0;
  #startedAt: number | undefined;
  /** End of the previous utterance: its audio must not be heard twice. */
  #cutAt = 0;
  #stopped = false;

  constructor(options: UtteranceSegmenterOptions) {
    this.#options = options;
  }

  /** Runs until the feed has ended and its last utterance was handed over, or `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const stream = this.#options.vad.stream();
    const reading = this.#read(stream);
    try {
      await this.#feed(stream, signal);
    } finally {
      stream.close();
      await reading;
    }
    if (!signal.aborted && this.#startedAt !== undefined) {
      this.#cut(this.#options.feed.buffer.end, true);
    }
  }

  async #feed(stream: VADStream, signal: AbortSignal): Promise<void> {
    const { feed } = this.#options;
    let cursor = 0;
    while (!this.#isOver(signal)) {
      const piece = feed.buffer.read(cursor);
      if (piece !== undefined) {
        cursor = piece.start + piece.pcm.length;
        pushFrame(stream, piece.pcm, feed.sampleRate);
      } else if (feed.ended) {
        break;
      } else {
        await feed.changed.wait(signal);
      }
    }
    if (cursor > 0 && !this.#isOver(signal)) await this.#close(stream, cursor, signal);
  }

  /** Not a property read, so that the compiler does not take its value across an await. */
  #isOver(signal: AbortSignal): boolean {
    return signal.aborted || this.#stopped;
  }

  /** Lets the detector look past the end of the input, and waits until it has. */
  async #close(stream: VADStream, cursor: number, signal: AbortSignal): Promise<void> {
    const { feed } = this.#options;
    const silence = new Int16Array(Math.round((feed.sampleRate * CLOSING_SILENCE_MS) / 1000));
    pushFrame(stream, silence, feed.sampleRate);
    // Reading the end through the detector's look-ahead is enough; the silence is only padding.
    const enough = cursor + silence.length / 2;
    while (this.#position < enough && !this.#isOver(signal)) {
      const before = this.#events;
      await this.#progress.wait(signal, CLOSING_TIMEOUT_MS);
      if (this.#events === before) return;
    }
  }

  async #read(stream: VADStream): Promise<void> {
    try {
      for await (const event of stream) {
        this.#position = Math.round(
          (event.samplesIndex * this.#options.feed.sampleRate) / VAD_CLOCK_RATE,
        );
        if (event.type === VADEventType.START_OF_SPEECH) this.#start(event.speechDuration);
        else if (event.type === VADEventType.END_OF_SPEECH) this.#cut(this.#position, true);
        else this.#onSilenceOrMore();
        this.#events += 1;
        this.#progress.notify();
      }
    } finally {
      this.#stopped = true;
      this.#progress.notify();
    }
  }

  #samples(ms: number): number {
    return Math.round((ms * this.#options.feed.sampleRate) / 1000);
  }

  #start(speechMs: number): void {
    const { prefixMs, onStart } = this.#options;
    const spokenFrom = Math.max(0, this.#position - this.#samples(speechMs));
    this.#startedAt = Math.max(this.#cutAt, spokenFrom - this.#samples(prefixMs));
    onStart(spokenFrom);
  }

  #onSilenceOrMore(): void {
    const { feed, prefixMs, maxUtteranceMs } = this.#options;
    if (this.#startedAt === undefined) {
      // Silence: only what may become the prefix of the next utterance is kept.
      feed.buffer.settle(this.#position - this.#samples(prefixMs + 1000));
    } else if (this.#position - this.#startedAt >= this.#samples(maxUtteranceMs)) {
      const at = this.#position;
      this.#cut(at, false);
      this.#startedAt = at;
    }
  }

  #cut(end: number, last: boolean): void {
    const from = this.#startedAt;
    if (from === undefined) return;
    this.#startedAt = undefined;
    const { feed, onUtterance } = this.#options;
    const begin = Math.max(from, feed.buffer.start);
    onUtterance(feed.buffer.slice(begin, end), begin, last);
    feed.buffer.settle(end);
    this.#cutAt = end;
  }
}

const pushFrame = (stream: VADStream, pcm: Int16Array, sampleRate: number): void => {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the input stream way cannot be ended
  stream.pushFrame(new AudioFrame(pcm.slice(), sampleRate, 1, pcm.length));
};
