import { VoiceConnectionError } from './voice-errors.js';

/** What was heard. */
export interface TranscriptionResult {
  readonly text: string;
  /** Seconds from the first sample of the audio. */
  readonly startS: number;
  readonly endS: number;
  /** Will not change any more. */
  readonly isFinal: boolean;
  /** BCP 47 tag, if known. */
  readonly language?: string;
  /** 0 to 1, if the service says. */
  readonly confidence?: number;
}

/** What the local voice detector made of the latest audio. */
export interface VADInfo {
  readonly speaking: boolean;
  /** 0 to 1. */
  readonly probability: number;
  /** Of the current or last speech, in ms. */
  readonly speechDurationMs: number;
  /** Since the last speech, in ms. */
  readonly silenceDurationMs: number;
}

/**
 * Speech in and speech out without LiveKit: for a script, a server of one's own, a test. Audio is
 * 16-bit little-endian mono PCM in pieces of any length.
 *
 * Implementations write the `open…`/`on…` methods; connecting, the state and the clean-up are here.
 *
 * @example
 * ```ts
 * const voice = VoiceProviderFactory.create('adapters', { stt: { provider: 'jetson' }, tts: { provider: 'jetson' } });
 * await voice.connect();
 * try {
 *   for await (const pcm of voice.textToSpeech('Hello.')) speaker.write(pcm);
 *   for await (const { text, isFinal } of voice.speechToText(microphone)) console.log(isFinal, text);
 * } finally {
 *   await voice.disconnect();
 * }
 * ```
 */
export abstract class VoiceProvider {
  /** Rate of the audio that `speechToText` takes, in Hz. */
  abstract readonly inputSampleRate: number;
  /** Rate of the audio that `textToSpeech` gives, in Hz. Known once connected. */
  abstract readonly outputSampleRate: number;
  #connection: AbortController | undefined;

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /**
   * Makes the provider ready. Again without a `disconnect` between: nothing happens.
   *
   * @throws {VoiceConnectionError} nothing is left open then
   */
  async connect(): Promise<void> {
    if (this.#connection !== undefined) return;
    this.#connection = new AbortController();
    try {
      await this.onConnect(this.#connection.signal);
    } catch (cause) {
      await this.disconnect();
      if (cause instanceof VoiceConnectionError) throw cause;
      throw new VoiceConnectionError('The voice provider could not be made ready', { cause });
    }
  }

  /** Ends what is running and releases everything, also when releasing fails in part. */
  async disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.abort();
    await this.onDisconnect();
  }

  /**
   * Speaks a text: pieces of PCM as they are made.
   *
   * @throws {VoiceConnectionError} when not connected
   * @throws {TextToSpeechError} from the iteration, when the text cannot be spoken to its end
   */
  textToSpeech(text: string): AsyncGenerator<Uint8Array, void, undefined> {
    return this.openTextToSpeech(text, this.#signal());
  }

  /**
   * Transcribes audio while it comes: interim results, then final ones, in order.
   *
   * @throws {VoiceConnectionError} when not connected
   * @throws {SpeechToTextError} from the iteration, when the service fails for good
   */
  speechToText(
    audio: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<TranscriptionResult, void, undefined> {
    return this.openSpeechToText(audio, this.#signal());
  }

  /** What the voice detector says of the latest audio; `undefined` before any, or without one. */
  abstract getVadInfo(): VADInfo | undefined;

  /** Opens what is needed; `signal` aborts on disconnect. May throw. */
  protected abstract onConnect(signal: AbortSignal): Promise<void>;
  /** Closes everything that `onConnect` opened, however far it came. Called more than once. */
  protected abstract onDisconnect(): Promise<void>;
  protected abstract openTextToSpeech(
    text: string,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined>;
  protected abstract openSpeechToText(
    audio: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncGenerator<TranscriptionResult, void, undefined>;

  #signal(): AbortSignal {
    if (this.#connection !== undefined) return this.#connection.signal;
    throw new VoiceConnectionError(
      'The voice provider is not connected: call connect() first and disconnect() last',
      { code: 'not-connected' },
    );
  }
}
