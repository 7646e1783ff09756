import { tts, type APIConnectOptions } from '@livekit/agents';
import { emitTTSError } from '../emit-recoverable-error.js';
import { describeUrl, type FailureContext } from '../to-api-error.js';
import { HttpClient, type HttpRequest } from '../transport/http-client.js';
import { readAudio } from './audio-answer.js';
import { PieceChunkedStream } from './piece-chunked-stream.js';
import { PieceSynthesizeStream, type SpeechMaker } from './piece-synthesize-stream.js';

/** What OpenAI's `pcm` is, and what LiveKit plays without resampling. */
const DEFAULT_SAMPLE_RATE = 24_000;
/** One piece of text, all attempts together. */
const DEFAULT_REQUEST_TIMEOUT_MS = 60_000;
/** The framework gives a reply up after 10 s without audio: a retry must fit into that. */
const DEFAULT_FIRST_BYTE_TIMEOUT_MS = 8000;
/** A service that synthesises slower than this between two parts cannot keep up with speech. */
const DEFAULT_STALL_TIMEOUT_MS = 5000;
/** Repetitions of a request of which nothing was heard yet. */
const DEFAULT_MAX_RETRIES = 2;
/** Two minutes of 48 kHz: no piece of 300 characters is that long. */
const MAX_AUDIO_BYTES = 12 << 20;

export interface CustomHTTPTTSOptions {
  /** Address of the speech route, such as `http://host:8800/v1/audio/speech`. */
  readonly endpointUrl: string;
  readonly apiKey?: string | undefined;
  /** Sent as `model`. Default: not sent. */
  readonly model?: string | undefined;
  /** Sent as `voice`. Default: not sent. */
  readonly voice?: string | undefined;
  /** Rate of the frames, in Hz. Default 24000. WAV answers of another rate are resampled. */
  readonly sampleRate?: number | undefined;
  /** Sent as `speed`. Default: not sent. */
  readonly speed?: number | undefined;
  /** BCP 47 tag, for the rules by which text is cut into sentences. Default `en`. */
  readonly language?: string | undefined;
  /** One piece of text, all attempts together, in ms. Default 60000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Until the first audio of a request, in ms. Default 8000. */
  readonly firstByteTimeoutMs?: number | undefined;
  /** Between two parts of the audio, in ms. Default 5000. */
  readonly stallTimeoutMs?: number | undefined;
  /** Repetitions of a request of which nothing was heard yet. Default 2. */
  readonly maxRetries?: number | undefined;
}

/**
 * Any text-to-speech service behind an HTTP route as the framework's `tts.TTS`, played as it arrives.
 *
 * Speaks OpenAI's `POST /v1/audio/speech` with `response_format: pcm`; for another format subclass
 * it and override {@link buildRequest}. The answer may be raw 16-bit PCM or a 16-bit WAV. Text is
 * spoken while the LLM still writes it: the first clause at once, then sentence by sentence.
 *
 * @example
 * ```ts
 * class AcmeTTS extends CustomHTTPTTSAdapter {
 *   protected override buildRequest(text: string): HttpRequest {
 *     return { url: `${this.endpointUrl}?voice=anna`, body: text, headers: { 'x-key': this.apiKey ?? '' } };
 *   }
 * }
 * ```
 */
export class CustomHTTPTTSAdapter extends tts.TTS {
  override label = 'earshot.CustomHTTPTTSAdapter';
  protected readonly endpointUrl: string;
  protected readonly apiKey: string | undefined;
  /** Describes requests in messages, without secrets. */
  protected readonly context: FailureContext;
  readonly #options: CustomHTTPTTSOptions;
  readonly #http = new HttpClient();

  /** @throws {TypeError} if `endpointUrl` is not an HTTP address or `sampleRate` not a rate */
  constructor(options: CustomHTTPTTSOptions) {
    const { endpointUrl, apiKey, sampleRate = DEFAULT_SAMPLE_RATE } = options;
    if (!URL.canParse(endpointUrl) || !/^https?:$/.test(new URL(endpointUrl).protocol)) {
      throw new TypeError(
        `endpointUrl must be an address that starts with http:// or https://, got ${describeUrl(endpointUrl)}`,
      );
    }
    if (!Number.isInteger(sampleRate) || sampleRate < 8000 || sampleRate > 48_000) {
      throw new TypeError(`sampleRate must be between 8000 and 48000 Hz, got ${sampleRate}`);
    }
    super(sampleRate, 1, { streaming: true, alignedTranscript: true });
    this.#options = options;
    this.endpointUrl = endpointUrl;
    this.apiKey = apiKey;
    this.context = {
      what: `the text-to-speech request to ${describeUrl(endpointUrl)}`,
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
   * The request for one piece of text: the one method to override for another format.
   *
   * @param text - one clause or sentence, trimmed, never empty
   */
  protected buildRequest(text: string): HttpRequest {
    const { model, voice, speed } = this.#options;
    return {
      url: this.endpointUrl,
      headers: {
        'content-type': 'application/json',
        ...(this.apiKey === undefined ? {} : { authorization: `Bearer ${this.apiKey}` }),
      },
      body: JSON.stringify({
        input: text,
        ...(model === undefined ? {} : { model }),
        ...(voice === undefined ? {} : { voice }),
        response_format: 'pcm',
        ...(speed === undefined ? {} : { speed }),
        // OpenAI's PCM is always 24 kHz and it knows no such field: only sent where it matters.
        ...(this.sampleRate === DEFAULT_SAMPLE_RATE ? {} : { sample_rate: this.sampleRate }),
      }),
    };
  }

  override stream(options?: { connOptions?: APIConnectOptions }): tts.SynthesizeStream {
    return new PieceSynthesizeStream(this, this.#maker(), options?.connOptions);
  }

  override synthesize(
    text: string,
    connOptions?: APIConnectOptions,
    abortSignal?: AbortSignal,
  ): tts.ChunkedStream {
    const onFailure: ConstructorParameters<typeof PieceChunkedStream>[2] = (error) => {
      emitTTSError(this, error, false);
    };
    return new PieceChunkedStream(this, this.#maker(), onFailure, text, connOptions, abortSignal);
  }

  /** Ends running requests and closes the pool. */
  override async close(): Promise<void> {
    await this.#http.close();
  }

  #maker(): SpeechMaker {
    const { language, maxRetries, requestTimeoutMs } = this.#options;
    return {
      open: (text, signal) => this.speakPiece(text, signal),
      onTrouble: (error) => {
        emitTTSError(this, error, true);
      },
      maxRetries: maxRetries ?? DEFAULT_MAX_RETRIES,
      deadlineMs: requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
      context: this.context,
      pieces: { language },
    };
  }

  /**
   * One request: the audio of `text` as 16-bit mono samples at the adapter's rate, as it arrives.
   *
   * @throws {AdapterError} when the request fails; it is not repeated here
   */
  async *speakPiece(
    text: string,
    signal: AbortSignal,
  ): AsyncGenerator<Int16Array, void, undefined> {
    const { requestTimeoutMs, firstByteTimeoutMs, stallTimeoutMs } = this.#options;
    const limits = {
      totalMs: requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
      firstByteMs: firstByteTimeoutMs ?? DEFAULT_FIRST_BYTE_TIMEOUT_MS,
      stallMs: stallTimeoutMs ?? DEFAULT_STALL_TIMEOUT_MS,
      maxBytes: MAX_AUDIO_BYTES,
    };
    const answer = await this.#http.open(this.buildRequest(text), limits, signal, this.context);
    yield* readAudio(answer, this.sampleRate, this.context);
  }
}
