import { randomUUID } from 'node:crypto';
import {
  inference,
  stt,
  type APIConnectOptions,
  type AudioBuffer,
  type VAD,
} from '@livekit/agents';
import { MonoResampler, concat } from '../audio/mono-resampler.js';
import { encodeWav } from '../audio/wav.js';
import { emitRecoverableSTTError } from '../emit-recoverable-error.js';
import { describeUrl, toAPIError, type FailureContext } from '../to-api-error.js';
import { HttpClient } from '../transport/http-client.js';
import { linkAbort } from '../transport/linked-abort.js';
import { withRetries } from '../transport/retry-policy.js';
import type { HttpSTTProtocol, HttpSTTSettings } from './protocols/http-stt-protocol.js';
import { openaiHttpProtocol } from './protocols/openai-http-protocol.js';
import { toFinalEvent, type TranscriptResult } from './transcript-result.js';
import { UtteranceSpeechStream } from './utterance-speech-stream.js';

/** One utterance, retries included: seed value of the options, and longer than anyone waits. */
const DEFAULT_REQUEST_TIMEOUT_MS = 30_000;
/** Repetitions of a request that failed in a way that may pass. */
const DEFAULT_MAX_RETRIES = 3;
/** A transcript of 30 s with word times is some KB. */
const MAX_ANSWER_BYTES = 1 << 20;
/** Silence that ends an utterance, in ms: the value the framework's turn detector works with. */
const DEFAULT_SILENCE_MS = 300;

export interface CustomHTTPSTTOptions {
  /** Address of the transcription route, such as `http://host:8800/v1/audio/transcriptions`. */
  readonly endpointUrl: string;
  readonly apiKey?: string | undefined;
  /** BCP 47 tag such as `en-US`. Default: the service's choice. */
  readonly language?: string | undefined;
  /** Message format. Default: OpenAI's transcription request. */
  readonly protocol?: HttpSTTProtocol | undefined;
  /** Recognition model. Default: the protocol's or the service's choice. */
  readonly model?: string | undefined;
  /** Rate of the WAV that is sent, in Hz. Default 16000. */
  readonly sampleRate?: number | undefined;
  /** Until an utterance is recognised, all attempts together, in ms. Default 30000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Repetitions after 429, 503, resets and time-outs. Default 3. */
  readonly maxRetries?: number | undefined;
  /** Silence that ends an utterance, in ms. Default 300. */
  readonly silenceMs?: number | undefined;
  /** Voice detector that finds the utterances. Default: the framework's, on this machine. */
  readonly vad?: VAD | undefined;
}

/**
 * Any request/response speech-to-text service as the framework's `stt.STT`.
 *
 * Speaks OpenAI's `POST /v1/audio/transcriptions`; for another format pass a `protocol`, or subclass
 * it and override {@link sendAudioChunk}. It streams: utterances are found on this machine and recognised in order,
 * so an `AgentSession` needs no wrapper. A request that may succeed later is repeated; an utterance
 * that fails for good is reported as an `error` event and the stream goes on.
 *
 * @example
 * ```ts
 * class AcmeSTT extends CustomHTTPSTTAdapter {
 *   protected override async sendAudioChunk(wav: Uint8Array, signal: AbortSignal): Promise<string> {
 *     const response = await fetch(this.endpointUrl, { method: 'POST', body: wav, signal });
 *     if (!response.ok) throw fromHttpStatus(response.status, await response.text(), undefined, this.context);
 *     return acmeAnswer.parse(await response.json()).transcript.text;
 *   }
 * }
 * ```
 */
export class CustomHTTPSTTAdapter extends stt.STT {
  override label = 'earshot.CustomHTTPSTTAdapter';
  protected readonly endpointUrl: string;
  protected readonly apiKey: string | undefined;
  protected readonly language: string | undefined;
  /** Of the WAV, in Hz. */
  protected readonly sampleRate: number;
  /** Keep-alive pool; closed with the adapter. */
  protected readonly http = new HttpClient();
  /** Describes requests in messages, without secrets. */
  protected readonly context: FailureContext;
  readonly #options: CustomHTTPSTTOptions;
  readonly #closing = new AbortController();
  #vad: VAD | undefined;

  /** @throws {TypeError} if `endpointUrl` is not an HTTP address */
  constructor(options: CustomHTTPSTTOptions) {
    super({ streaming: true, interimResults: false });
    const { endpointUrl, apiKey, language, sampleRate = 16_000 } = options;
    if (!URL.canParse(endpointUrl) || !/^https?:$/.test(new URL(endpointUrl).protocol)) {
      throw new TypeError(
        `endpointUrl must be an address that starts with http:// or https://, got ${describeUrl(endpointUrl)}`,
      );
    }
    this.#options = options;
    this.endpointUrl = endpointUrl;
    this.apiKey = apiKey;
    this.language = language;
    this.sampleRate = sampleRate;
    this.#vad = options.vad;
    this.context = {
      what: `the speech-to-text request to ${describeUrl(endpointUrl)}`,
      secrets: apiKey === undefined ? [] : [apiKey],
    };
  }

  override get model(): string {
    return this.#options.model ?? 'unknown';
  }

  override get provider(): string {
    return new URL(this.endpointUrl).host;
  }

  /**
   * Sends one utterance and returns its text: the one method to override for another format.
   *
   * @param wav - a WAV file, 16-bit mono at `sampleRate`
   * @param signal - aborts when the stream closes or `requestTimeoutMs` is over
   * @returns the text, empty if there were no words, or the text with times, language, confidence
   * @throws whatever went wrong; network errors, 429 and 5xx are repeated, others are reported
   */
  protected async sendAudioChunk(
    wav: Uint8Array,
    signal: AbortSignal,
  ): Promise<string | TranscriptResult> {
    const { protocol = openaiHttpProtocol, model } = this.#options;
    const { endpointUrl, apiKey, language, sampleRate } = this;
    const settings: HttpSTTSettings = { endpointUrl, apiKey, language, model, sampleRate };
    const { headers, bytes } = await this.http.fetchBytes(
      protocol.request(wav, settings),
      { totalMs: this.#requestTimeoutMs, maxBytes: MAX_ANSWER_BYTES },
      signal,
      this.context,
    );
    return protocol.parseAnswer(bytes, headers['content-type'], this.context);
  }

  override stream(options?: { connOptions?: APIConnectOptions }): stt.SpeechStream {
    this.#vad ??= new inference.VAD({
      minSilenceDuration: this.#options.silenceMs ?? DEFAULT_SILENCE_MS,
    });
    return new UtteranceSpeechStream({
      adapter: this,
      vad: this.#vad,
      sampleRate: this.sampleRate,
      language: this.language,
      context: this.context,
      transcribe: (pcm, signal) => this.#transcribe(pcm, signal),
      onTrouble: (error) => {
        if (!this.#closing.signal.aborted) emitRecoverableSTTError(this, error);
      },
      connOptions: options?.connOptions,
    });
  }

  /** @throws {AdapterError} when all attempts failed */
  protected override async _recognize(
    buffer: AudioBuffer,
    abortSignal?: AbortSignal,
  ): Promise<stt.SpeechEvent> {
    const resampler = new MonoResampler(this.sampleRate);
    const parts = [buffer].flat().map((frame) => resampler.push(frame));
    const pcm = concat([...parts, resampler.flush()]);
    const span = { startS: 0, endS: pcm.length / this.sampleRate };
    const result: TranscriptResult =
      pcm.length === 0 ? { text: '' } : await this.#transcribe(pcm, abortSignal);
    return toFinalEvent(result, span, this.language, randomUUID());
  }

  /** Ends running requests and closes the pool. */
  override async close(): Promise<void> {
    this.#closing.abort();
    await this.http.close();
  }

  get #requestTimeoutMs(): number {
    return this.#options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS;
  }

  async #transcribe(pcm: Int16Array, caller?: AbortSignal): Promise<TranscriptResult> {
    const wav = encodeWav(pcm, this.sampleRate);
    const endMs = performance.now() + this.#requestTimeoutMs;
    const whole = linkAbort([this.#closing.signal, caller]);
    try {
      return await withRetries(() => this.#attempt(wav, whole.signal, endMs - performance.now()), {
        maxRetries: this.#options.maxRetries ?? DEFAULT_MAX_RETRIES,
        deadlineMs: this.#requestTimeoutMs,
        signal: whole.signal,
      });
    } finally {
      whole.dispose();
    }
  }

  async #attempt(wav: Uint8Array, caller: AbortSignal, limitMs: number): Promise<TranscriptResult> {
    // Overriding methods get the limit as a signal, whatever client they use.
    const { signal, dispose } = linkAbort([caller], Math.max(1, Math.round(limitMs)));
    try {
      const result = await this.sendAudioChunk(wav, signal);
      return typeof result === 'string' ? { text: result } : result;
    } catch (error) {
      if (signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError') {
        throw toAPIError(signal.reason, this.context);
      }
      throw toAPIError(error, this.context);
    } finally {
      dispose();
    }
  }
}
