import { log, VADEventType, type VAD, type VADEvent, type VADStream } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import type { AudioFeed } from '../stt/audio-feed.js';
import { ConnectionTimeline } from '../stt/connection-timeline.js';

/** How often sent audio is looked at: a tenth of a second late is nothing beside the limit. */
const TICK_MS = 100;
/** Speech that must have gone out unanswered: a cough is no reason to give a connection up. */
const MIN_UNANSWERED_SPEECH_MS = 300;
/** Speech counts together only without a longer pause: ten coughs in a minute are no sentence. */
const FORGET_AFTER_QUIET_MS = 2000;
/** The detector counts its samples at this rate, in Hz, whatever it is fed with. */
const VAD_CLOCK_RATE = 16_000;
/** Kept before a quiet position: detectors notice speech late, and first consonants are quiet. */
const QUIET_MARGIN_MS = 1000;
/** A service may put the end of the last word this much before the detector does. */
const END_TOLERANCE_MS = 500;
/** Probability from which the detector's window counts as speech (its own default threshold). */
const SPEECH_PROBABILITY = 0.5;

export interface SilenceWatchdogOptions {
  readonly feed: AudioFeed;
  readonly vad: VAD;
  /** Speech may go unanswered for this long, in ms; {@link SilenceWatchdog.hurry} changes it. */
  readonly timeoutMs: number;
  /** Speech went out and nothing came back. Called once. */
  readonly onSilent: (unansweredMs: number) => void;
}

/**
 * Notices a service that takes speech and says nothing, which no socket reports.
 *
 * Audio is shown to a voice detector on this machine `timeoutMs` after it was sent, and only if no
 * final covers it by then: what the detector takes for speech although nothing came back since is
 * unanswered. Audio in which it hears nothing is settled, so that silence is never replayed to a
 * service that does not acknowledge it.
 */
export class SilenceWatchdog {
  readonly #options: SilenceWatchdogOptions;
  readonly #timeline: ConnectionTimeline;
  readonly #timer: NodeJS.Timeout;
  #history: { readonly atMs: number; readonly upTo: number }[] = [];
  #stream: VADStream | undefined;
  #reading: Promise<void> | undefined;
  /** Audio before this was shown to the detector. */
  #shown = 0;
  #sentUpTo = 0;
  /** What had been sent when something came back last. */
  #answeredUpTo = 0;
  #unansweredMs = 0;
  #speechUpTo: number | undefined;
  #timeoutMs: number;
  #fired = false;
  #closed = false;

  constructor(options: SilenceWatchdogOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs;
    this.#timeline = new ConnectionTimeline(options.feed.sampleRate);
    this.#timer = setInterval(() => {
      this.#tick();
    }, TICK_MS);
  }

  /** Audio up to this sample of the stream has gone out. */
  sent(upTo: number): void {
    this.#sentUpTo = upTo;
    this.#history.push({ atMs: performance.now(), upTo });
  }

  /** Something came back: whatever it is, the service lives. */
  answered(): void {
    this.#answeredUpTo = this.#sentUpTo;
    this.#unansweredMs = 0;
    this.#timeoutMs = this.#options.timeoutMs;
  }

  /** There was trouble: until something comes back, speech may go unanswered for this long only. */
  hurry(timeoutMs: number): void {
    this.#timeoutMs = Math.min(this.#timeoutMs, timeoutMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#stream?.close();
    await this.#reading;
  }

  #tick(): void {
    const dueMs = performance.now() - this.#timeoutMs;
    let due: number | undefined;
    while (this.#history[0] !== undefined && this.#history[0].atMs <= dueMs) {
      due = this.#history.shift()?.upTo;
    }
    if (due !== undefined) this.#show(due);
  }

  /** Shows the detector what no final covers, up to `due`. */
  #show(due: number): void {
    const { buffer, sampleRate } = this.#options.feed;
    this.#shown = Math.max(this.#shown, buffer.settled, buffer.start);
    while (this.#shown < due) {
      const piece = buffer.read(this.#shown);
      if (piece === undefined) return;
      this.#timeline.advance(piece.start, piece.pcm.length);
      this.#shown = piece.start + piece.pcm.length;
      this.#detector().pushFrame(
        new AudioFrame(piece.pcm.slice(), sampleRate, 1, piece.pcm.length),
      );
    }
  }

  #detector(): { pushFrame: (frame: AudioFrame) => void } {
    if (this.#stream === undefined) {
      this.#stream = this.#options.vad.stream();
      this.#reading = this.#read(this.#stream);
    }
    return this.#stream;
  }

  async #read(stream: VADStream): Promise<void> {
    try {
      for await (const event of stream) this.#onEvent(event);
    } catch (error) {
      if (!this.#closed) log().warn({ error }, 'the silence watchdog lost its voice detector');
    }
  }

  #onEvent(event: VADEvent): void {
    if (event.type !== VADEventType.INFERENCE_DONE || this.#closed) return;
    const { buffer, sampleRate } = this.#options.feed;
    const atMs = (event.samplesIndex * 1000) / VAD_CLOCK_RATE;
    const position = this.#timeline.toPosition(atMs);
    const samples = (ms: number): number => (ms * sampleRate) / 1000;
    const isSpeech = event.probability >= SPEECH_PROBABILITY;
    if (isSpeech && position > this.#answeredUpTo) this.#onUnanswered();
    if (isSpeech || event.speaking) {
      this.#speechUpTo = position;
      return;
    }
    if (
      this.#speechUpTo === undefined ||
      position - this.#speechUpTo > samples(FORGET_AFTER_QUIET_MS)
    )
      this.#unansweredMs = 0;
    const settledSpeech = buffer.settled + samples(END_TOLERANCE_MS);
    if (this.#speechUpTo !== undefined && this.#speechUpTo > settledSpeech) return;
    buffer.settle(Math.round(position - samples(QUIET_MARGIN_MS)));
  }

  #onUnanswered(): void {
    this.#unansweredMs += this.#options.vad.capabilities.updateInterval;
    if (this.#fired || this.#unansweredMs < MIN_UNANSWERED_SPEECH_MS) return;
    this.#fired = true;
    this.#options.onSilent(this.#timeoutMs);
  }
}
