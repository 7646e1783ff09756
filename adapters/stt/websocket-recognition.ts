import { log, type VAD } from '@livekit/agents';
import { createAdapterError, type AdapterError } from '../adapter-error.js';
import type { FailureContext } from '../to-api-error.js';
import { abortableDelay } from '../transport/abortable-delay.js';
import { backoffMs, RECONNECT_BACKOFF } from '../transport/retry-policy.js';
import type { AudioFeed } from './audio-feed.js';
import type { ConnectionTimeline } from './connection-timeline.js';
import type {
  STTStreamSettings,
  WebSocketSTTProtocol,
} from './protocols/websocket-stt-protocol.js';
import { runRecognitionConnection } from './recognition-connection.js';
import type { TranscriptEvent } from './transcript-event.js';
import type { TranscriptPublisher } from './transcript-publisher.js';

/** Usage is reported each time this much audio was sent, as the framework's own plugins do. */
const USAGE_EVERY_S = 5;
/** A connection that lived this long was a good one: the next failure starts a new count. */
const HEALTHY_AFTER_MS = 5000;
/** The patience with a silent service doubles from connection to connection, up to this, in ms. */
const MAX_SILENCE_TIMEOUT_MS = 30_000;
/** Kinds of unknown messages that are remembered for "logged once". */
const MAX_UNKNOWN_KINDS = 20;

export interface WebSocketRecognitionLimits {
  /** Handshake, DNS and TLS included, in ms. */
  readonly connectTimeoutMs: number;
  /** After the last audio, the remaining finals are waited for this long, in ms. */
  readonly endTimeoutMs: number;
  /** Consecutive time without a good connection after which the stream fails, in ms. */
  readonly giveUpAfterMs: number;
  readonly maxMessageBytes: number;
  /** Speech may go unanswered for this long at first, in ms; `Infinity` turns the watchdog off. */
  readonly silenceTimeoutMs: number;
}

export interface WebSocketRecognitionOptions {
  readonly protocol: WebSocketSTTProtocol;
  readonly settings: STTStreamSettings;
  readonly feed: AudioFeed;
  readonly publisher: TranscriptPublisher;
  readonly limits: WebSocketRecognitionLimits;
  readonly context: FailureContext;
  /** The voice detector of the watchdog, made when it is needed first. */
  readonly vad: () => VAD;
  /** A failure that the stream survives; called once per outage. */
  readonly onTrouble: (error: AdapterError) => void;
}

/**
 * Recognises a feed over as many connections as it takes. Audio that no final covers is sent again
 * after a broken connection; what is published already is not published again.
 */
export class WebSocketRecognition {
  readonly #options: WebSocketRecognitionOptions;
  readonly #unknownKinds = new Set<string>();
  #connections = 0;
  #silentInARow = 0;
  #skipBeforeMs = 0;
  #unreportedSamples = 0;
  #unreadableLogged = false;

  constructor(options: WebSocketRecognitionOptions) {
    this.#options = options;
  }

  /**
   * Runs until the input has ended and everything is recognised, or `signal` aborts.
   *
   * @throws {AdapterError} not retryable: the service refuses us. Retryable: no good connection
   * for `giveUpAfterMs`. May be called again after an error: it goes on where it stopped.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { feed, limits, publisher } = this.#options;
    let failures = 0;
    let downSince = 0;
    while (await this.#audioIsWaiting(signal)) {
      const startedAt = performance.now();
      const settledBefore = feed.buffer.settled;
      const outcome = await this.#connectOnce(signal);
      if (outcome === 'finished' || signal.aborted) break;
      if (!outcome.retryable) throw outcome;

      // A slow machine must not be asked again and again what it is still working on.
      if (outcome.code === 'no-answer') this.#silentInARow += 1;
      const now = performance.now();
      const good = now - startedAt >= HEALTHY_AFTER_MS && outcome.code !== 'connect-timeout';
      if (failures === 0 || good || feed.buffer.settled > settledBefore) {
        failures = 0;
        downSince = now;
        this.#options.onTrouble(outcome);
      }
      failures += 1;
      const limit = feed.ended
        ? Math.min(limits.giveUpAfterMs, limits.endTimeoutMs)
        : limits.giveUpAfterMs;
      if (now - downSince >= limit) throw this.#gaveUp(outcome, now - downSince);
      const waitMs = Math.max(backoffMs(RECONNECT_BACKOFF, failures), outcome.retryAfterMs ?? 0);
      log().debug({ waitMs, failures, code: outcome.code }, 'reconnecting to the STT service');
      if (!(await abortableDelay(waitMs, signal))) break;
    }
    this.#reportUsage();
    publisher.finish();
  }

  /** Waits for audio to send; false once there is none and none will come. */
  async #audioIsWaiting(signal: AbortSignal): Promise<boolean> {
    const { feed } = this.#options;
    while (!signal.aborted) {
      if (feed.buffer.start < feed.buffer.end) return true;
      if (feed.ended) return false;
      await feed.changed.wait(signal);
    }
    return false;
  }

  #gaveUp(last: AdapterError, afterMs: number): AdapterError {
    return createAdapterError({
      code: last.code,
      message: `${this.#options.context.what} could not be restored for ${Math.round(afterMs)} ms`,
      cause: last,
      retryable: !this.#options.feed.ended,
    });
  }

  #connectOnce(signal: AbortSignal): ReturnType<typeof runRecognitionConnection> {
    const { publisher, limits } = this.#options;
    this.#connections += 1;
    // Only a replay can repeat words; a service's own overlapping times are left alone.
    this.#skipBeforeMs = this.#connections === 1 ? 0 : publisher.publishedUpToMs;
    return runRecognitionConnection(
      {
        ...this.#options,
        ...limits,
        silenceTimeoutMs: this.#silenceTimeoutMs,
        onEvent: (event, timeline) => {
          this.#onEvent(event, timeline);
        },
        onSent: (samples) => {
          this.#onSent(samples);
        },
        onUnreadable: (error) => {
          this.#onUnreadable(error);
        },
      },
      signal,
    );
  }

  get #silenceTimeoutMs(): number {
    const { silenceTimeoutMs } = this.#options.limits;
    if (!Number.isFinite(silenceTimeoutMs)) return silenceTimeoutMs;
    const longest = Math.max(MAX_SILENCE_TIMEOUT_MS, silenceTimeoutMs);
    return Math.min(silenceTimeoutMs * 2 ** this.#silentInARow, longest);
  }

  #onEvent(event: TranscriptEvent, timeline: ConnectionTimeline): void {
    const { publisher } = this.#options;
    if (event.type !== 'ready' && event.type !== 'unknown') this.#silentInARow = 0;
    switch (event.type) {
      case 'ready':
        if (event.requestId !== undefined) publisher.requestId = event.requestId;
        return;
      case 'speech-started':
        publisher.speechStarted();
        return;
      case 'speech-ended':
        publisher.speechEnded(timeline.toStreamMs(event.atMs ?? timeline.sentMs));
        return;
      case 'settled':
        this.#settle(timeline, event.settledMs);
        return;
      case 'interim':
      case 'preflight':
      case 'final':
        publisher.heard(onStreamClock(event, timeline), this.#skipBeforeMs);
        if (event.type === 'final') this.#settle(timeline, event.settledMs ?? event.endMs);
        return;
      case 'error':
        if (!event.fatal) this.#options.onTrouble(event.error);
        return;
      case 'done':
        return;
      case 'unknown':
        this.#onUnknown(event.kind);
        return;
    }
  }

  #settle(timeline: ConnectionTimeline, connectionMs: number): void {
    const { feed, publisher } = this.#options;
    const position = timeline.toPosition(connectionMs);
    feed.buffer.settle(position);
    publisher.settled((position * 1000) / feed.sampleRate);
  }

  #onSent(samples: number): void {
    this.#unreportedSamples += samples;
    if (this.#unreportedSamples >= USAGE_EVERY_S * this.#options.feed.sampleRate)
      this.#reportUsage();
  }

  #reportUsage(): void {
    if (this.#unreportedSamples === 0) return;
    this.#options.publisher.usage(this.#unreportedSamples / this.#options.feed.sampleRate);
    this.#unreportedSamples = 0;
  }

  #onUnreadable(error: unknown): void {
    if (this.#unreadableLogged) return;
    this.#unreadableLogged = true;
    log().warn(
      { error, protocol: this.#options.protocol.name },
      'a message of the STT service cannot be read and is ignored, as are others like it',
    );
  }

  #onUnknown(kind: string): void {
    if (this.#unknownKinds.has(kind) || this.#unknownKinds.size >= MAX_UNKNOWN_KINDS) return;
    this.#unknownKinds.add(kind);
    log().debug({ kind }, 'messages of this kind are unknown and ignored');
  }
}

type Heard = Extract<TranscriptEvent, { type: 'interim' | 'preflight' | 'final' }>;

const onStreamClock = (event: Heard, timeline: ConnectionTimeline): Heard => ({
  ...event,
  startMs: timeline.toStreamMs(event.startMs),
  endMs: timeline.toStreamMs(event.endMs),
  ...(event.words === undefined
    ? {}
    : {
        words: event.words.map((word) => ({
          ...word,
          startMs: timeline.toStreamMs(word.startMs),
          endMs: timeline.toStreamMs(word.endMs),
        })),
      }),
});
