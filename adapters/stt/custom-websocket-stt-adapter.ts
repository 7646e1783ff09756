import { randomUUID } from 'node:crypto';
import {
  inference,
  log,
  stt,
  type APIConnectOptions,
  type AudioBuffer,
  type VAD,
} from '@livekit/agents';
import { emitRecoverableSTTError } from '../emit-recoverable-error.js';
import type { ReplayBufferLimits } from '../resilience/replay-buffer.js';
import { describeUrl } from '../to-api-error.js';
import {
  DEFAULT_CONNECT_TIMEOUT_MS,
  DEFAULT_MAX_MESSAGE_BYTES,
} from '../transport/websocket-connection.js';
import { AudioFeed } from './audio-feed.js';
import { earshotProtocol } from './protocols/earshot-protocol.js';
import type {
  OutgoingMessage,
  STTStreamSettings,
  WebSocketSTTProtocol,
} from './protocols/websocket-stt-protocol.js';
import { joinFinals } from './join-finals.js';
import type { TranscriptEvent } from './transcript-event.js';
import { TranscriptPublisher } from './transcript-publisher.js';
import { WebSocketRecognition } from './websocket-recognition.js';
import { WebSocketSpeechStream, type RecognitionParts } from './websocket-speech-stream.js';

/** Remaining finals after the last audio: a slow machine needs seconds for a long utterance. */
const DEFAULT_END_TIMEOUT_MS = 10_000;
/** Streaming services answer speech within a second; three times that is no load any more. */
const DEFAULT_SILENCE_TIMEOUT_MS = 3000;
/** Single recognitions (`recognize`) must come to an end: this long without a connection. */
const RECOGNIZE_GIVE_UP_MS = 10_000;

export interface CustomWebSocketSTTOptions {
  /** Address of the service, `ws://` or `wss://`. */
  readonly wsUrl: string;
  readonly apiKey?: string | undefined;
  /** BCP 47 tag such as `en-US`. Default: the service's choice. */
  readonly language?: string | undefined;
  /** Rate at which audio is sent, in Hz. Default 16000, what most recognisers work at. */
  readonly sampleRate?: number | undefined;
  /** Message format. Default: this project's own, `/v1/stream`. */
  readonly protocol?: WebSocketSTTProtocol | undefined;
  /** Handshake including DNS and TLS, in ms. Default 10000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Wait for the remaining finals after the last audio, in ms. Default 10000. */
  readonly endTimeoutMs?: number | undefined;
  /**
   * Time without a good connection after which the stream fails with a retryable error, in ms.
   * Default: never, because a stream that fails ends the session, and audio is bounded by itself.
   */
  readonly giveUpAfterMs?: number | undefined;
  /**
   * Speech may go unanswered for this long, in ms, before the connection is given up and its audio
   * sent over a new one; doubled up to 30 s while a service stays silent. 0 turns this off, for a
   * service that says nothing before an utterance ends. Default 3000.
   */
  readonly silenceTimeoutMs?: number | undefined;
  /** Finds the speech that goes unanswered. Default: the framework's detector, on this machine. */
  readonly vad?: VAD | undefined;
  /** Audio kept for replay. Default 60 s and 4 MiB. */
  readonly replay?: Partial<ReplayBufferLimits> | undefined;
  /** A message above this closes the connection, in bytes. Default 1 MiB. */
  readonly maxMessageBytes?: number | undefined;
  /** Recognition model, for protocols that name one, and for metrics. */
  readonly model?: string | undefined;
}

/**
 * Any streaming speech-to-text service as the framework's `stt.STT`.
 *
 * Connects when the first audio arrives, streams 16-bit mono PCM in pieces of 50 ms, and publishes
 * start, interim, preflight, final and end events. A broken connection is made again (0.25 to 5 s
 * apart) inside the stream, and audio that no final covers is sent again. A service that takes speech
 * and says nothing counts as broken.
 *
 * For a service with a different message format either pass `protocol`, or subclass and override the
 * protected methods below; each of them delegates to the protocol by default.
 *
 * @example
 * ```ts
 * class AcmeSTT extends CustomWebSocketSTTAdapter {
 *   protected override parseMessage(data: string | Uint8Array): TranscriptEvent[] {
 *     const { final, text, from, to } = acmeMessage.parse(JSON.parse(String(data)));
 *     return [{ type: final ? 'final' : 'interim', text, startMs: from, endMs: to }];
 *   }
 * }
 * ```
 */
export class CustomWebSocketSTTAdapter extends stt.STT {
  override label = 'earshot.CustomWebSocketSTTAdapter';
  /** The options with their defaults, for overriding methods. */
  protected readonly settings: STTStreamSettings;
  /** The composed message format. */
  protected readonly protocol: WebSocketSTTProtocol;
  readonly #options: CustomWebSocketSTTOptions;
  #vad: VAD | undefined;
  readonly #streams = new Set<WeakRef<stt.SpeechStream>>();

  /** @throws {TypeError} if `wsUrl` is not a WebSocket address or `sampleRate` not a rate */
  constructor(options: CustomWebSocketSTTOptions) {
    super({ streaming: true, interimResults: true, alignedTranscript: 'word' });
    const { wsUrl, sampleRate = 16_000 } = options;
    if (!URL.canParse(wsUrl) || !/^wss?:$/.test(new URL(wsUrl).protocol)) {
      throw new TypeError(
        `wsUrl must be an address that starts with ws:// or wss://, got ${describeUrl(wsUrl)}`,
      );
    }
    if (!Number.isInteger(sampleRate) || sampleRate < 8000 || sampleRate > 48_000) {
      throw new TypeError(`sampleRate must be between 8000 and 48000 Hz, got ${sampleRate}`);
    }
    this.#options = options;
    this.protocol = options.protocol ?? earshotProtocol;
    const { apiKey, language, model } = options;
    this.settings = { wsUrl, apiKey, language, model, sampleRate };
  }

  override get model(): string {
    return this.#options.model ?? 'unknown';
  }

  override get provider(): string {
    return new URL(this.settings.wsUrl).host;
  }

  /** Address of the handshake. Override for a service that wants its options in the query. */
  protected buildUrl(): string {
    return this.protocol.url(this.settings);
  }

  /** Headers of the handshake. Override for a service that wants its key elsewhere. */
  protected buildHeaders(): Readonly<Record<string, string>> {
    return this.protocol.headers(this.settings);
  }

  /** Messages sent before any audio. */
  protected configurationMessages(): readonly OutgoingMessage[] {
    return this.protocol.configurationMessages(this.settings);
  }

  /** One message for about 50 ms of audio (s16le mono). */
  protected encodeAudio(pcm: Uint8Array): OutgoingMessage {
    return this.protocol.encodeAudio(pcm, this.settings);
  }

  /**
   * What a message of the service means. Throwing is allowed: the message is ignored and logged once.
   *
   * @param sentMs - audio that this connection was sent so far, for services that give no times
   */
  protected parseMessage(data: string | Uint8Array, sentMs: number): readonly TranscriptEvent[] {
    return this.protocol.parseMessage(data, sentMs);
  }

  /** Message that asks for the final of what was said so far. */
  protected finalizeMessage(): OutgoingMessage | undefined {
    return this.protocol.finalizeMessage();
  }

  /** Message that keeps an idle connection open. */
  protected keepAliveMessage(): OutgoingMessage | undefined {
    return this.protocol.keepAliveMessage();
  }

  /** Messages after the last audio. */
  protected endMessages(): readonly OutgoingMessage[] {
    return this.protocol.endMessages();
  }

  override stream(options?: { connOptions?: APIConnectOptions }): stt.SpeechStream {
    const stream = new WebSocketSpeechStream(
      this,
      (emit, offsetS) =>
        this.#compose(emit, offsetS, this.#options.giveUpAfterMs ?? Number.POSITIVE_INFINITY),
      options?.connOptions,
    );
    this.#remember(stream);
    return stream;
  }

  /**
   * Recognises a finished recording over a short stream of its own.
   *
   * @throws {AdapterError} when the service refuses or cannot be reached within 10 s
   */
  protected override async _recognize(
    buffer: AudioBuffer,
    abortSignal?: AbortSignal,
  ): Promise<stt.SpeechEvent> {
    const finals: stt.SpeechData[] = [];
    const { feed, recognition, publisher } = this.#compose(
      (event) => {
        if (event.type !== stt.SpeechEventType.FINAL_TRANSCRIPT) return;
        finals.push(...(event.alternatives ?? []));
      },
      () => 0,
      Math.min(this.#options.giveUpAfterMs ?? RECOGNIZE_GIVE_UP_MS, RECOGNIZE_GIVE_UP_MS),
      // All of it is here at once: nothing may be dropped, and the caller holds it in memory anyway.
      { maxSeconds: Infinity, maxBytes: Infinity },
      // And it is sent faster than it was spoken: what counts is the wait after its end.
      Infinity,
    );
    for (const frame of [buffer].flat()) feed.push(frame);
    feed.end();
    await recognition.run(abortSignal ?? new AbortController().signal);
    return joinFinals(finals, this.settings.language, publisher.requestId);
  }

  /** Closes the streams that are still open. */
  override close(): Promise<void> {
    for (const reference of this.#streams) reference.deref()?.close();
    this.#streams.clear();
    return Promise.resolve();
  }

  #remember(stream: stt.SpeechStream): void {
    for (const reference of this.#streams) {
      if (reference.deref() === undefined) this.#streams.delete(reference);
    }
    this.#streams.add(new WeakRef(stream));
  }

  #compose(
    emit: (event: stt.SpeechEvent) => void,
    startTimeOffsetS: () => number,
    giveUpAfterMs: number,
    replay = this.#options.replay,
    silenceTimeoutMs = (this.#options.silenceTimeoutMs ?? DEFAULT_SILENCE_TIMEOUT_MS) || Infinity,
  ): RecognitionParts {
    const { language, sampleRate, apiKey, wsUrl } = this.settings;
    const feed = new AudioFeed(sampleRate, replay);
    const publisher = new TranscriptPublisher({ language, startTimeOffsetS, emit });
    publisher.requestId = randomUUID();
    const recognition = new WebSocketRecognition({
      protocol: this.#overridden(),
      settings: this.settings,
      feed,
      publisher,
      limits: {
        connectTimeoutMs: this.#options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
        endTimeoutMs: this.#options.endTimeoutMs ?? DEFAULT_END_TIMEOUT_MS,
        maxMessageBytes: this.#options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
        giveUpAfterMs,
        silenceTimeoutMs,
      },
      vad: () => (this.#vad ??= this.#options.vad ?? new inference.VAD()),
      context: {
        what: `the speech-to-text connection to ${describeUrl(wsUrl)}`,
        secrets: apiKey === undefined ? [] : [apiKey],
      },
      onTrouble: (error) => {
        emitRecoverableSTTError(this, error);
      },
    });
    log().debug({ url: describeUrl(wsUrl), protocol: this.protocol.name }, 'STT stream made');
    return { feed, publisher, recognition };
  }

  /** The protocol as a subclass may have changed it. */
  #overridden(): WebSocketSTTProtocol {
    return {
      ...this.protocol,
      url: () => this.buildUrl(),
      headers: () => this.buildHeaders(),
      configurationMessages: () => this.configurationMessages(),
      encodeAudio: (pcm) => this.encodeAudio(pcm),
      parseMessage: (data, sentMs) => this.parseMessage(data, sentMs),
      finalizeMessage: () => this.finalizeMessage(),
      keepAliveMessage: () => this.keepAliveMessage(),
      endMessages: () => this.endMessages(),
    };
  }
}
