import type { stt, tts } from '@livekit/agents';
import { inference } from '@livekit/agents';
import PQueue from 'p-queue';
import { z } from 'zod';
import { toAPIError } from '../adapters/to-api-error.js';
import { HttpClient } from '../adapters/transport/http-client.js';
import { findProvider } from '../providers/find-provider.js';
import { createProvider } from '../providers/create-provider.js';
import type { STTConfig, TTSConfig } from '../providers/registry.js';
import { VoiceConnectionError } from './voice-errors.js';
import { speakText } from './speak-text.js';
import { transcribeAudio } from './transcribe-audio.js';
import { VoiceProvider, type TranscriptionResult, type VADInfo } from './voice-provider.js';

/** How long a service that can be asked is waited for in `connect`. */
const HEALTH_TIMEOUT_MS = 5000;
/** A health answer is a line of JSON. */
const MAX_HEALTH_BYTES = 64 << 10;
/** What the recognisers work at, in Hz. */
const INPUT_SAMPLE_RATE = 16_000;
/** Texts that may wait to be spoken: more than anyone listens to. */
const MAX_WAITING_TEXTS = 100;

/** Both are checked by the factory that makes them. */
export const adapterVoiceConfig = z.strictObject({
  stt: z.looseObject({ provider: z.string() }).transform((config) => config as STTConfig),
  tts: z.looseObject({ provider: z.string() }).transform((config) => config as TTSConfig),
});

/** Any STT and any TTS of the registry as a voice provider. */
export class AdapterVoiceProvider extends VoiceProvider {
  override readonly inputSampleRate = INPUT_SAMPLE_RATE;
  readonly #config: { stt: STTConfig; tts: TTSConfig };
  /** One voice speaks one text at a time; it also tells whose a failure is. */
  readonly #mouth = new PQueue({ concurrency: 1 });
  readonly #ears = new Set<stt.STT>();
  #tts: tts.TTS | undefined;
  #vad: inference.VAD | undefined;
  #vadInfo: VADInfo | undefined;

  constructor(config: { stt: STTConfig; tts: TTSConfig }) {
    super();
    this.#config = config;
  }

  override get outputSampleRate(): number {
    return this.#speaker().sampleRate;
  }

  override getVadInfo(): VADInfo | undefined {
    return this.#vadInfo;
  }

  /** @throws {ProviderError} when the options do not fit; {@link AdapterError} when a service is down */
  protected override async onConnect(signal: AbortSignal): Promise<void> {
    // Made and closed again: wrong options are found here and not in the first call.
    await createProvider('stt', this.#config.stt).close();
    this.#tts = createProvider('tts', this.#config.tts);
    this.#vad = new inference.VAD();
    const urls = [healthUrl('stt', this.#config.stt), healthUrl('tts', this.#config.tts)];
    for (const url of new Set(urls)) if (url !== undefined) await checkHealth(url, signal);
  }

  protected override async onDisconnect(): Promise<void> {
    const [mouth, vad, ears] = [this.#tts, this.#vad, [...this.#ears]];
    this.#tts = undefined;
    this.#vad = undefined;
    this.#vadInfo = undefined;
    this.#ears.clear();
    this.#mouth.clear();
    // All of them, whatever one of them throws.
    const closing = [...ears, mouth, vad].map((part) => part?.close() ?? Promise.resolve());
    const failed = (await Promise.allSettled(closing)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw toAPIError(failed.reason, { what: 'disconnecting' });
  }

  protected override async *openTextToSpeech(
    text: string,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const speaker = this.#speaker();
    if (this.#mouth.size >= MAX_WAITING_TEXTS) {
      throw new VoiceConnectionError(
        `More than ${MAX_WAITING_TEXTS} texts wait to be spoken: read the audio of the earlier ones`,
        { code: 'overloaded' },
      );
    }
    const release = await this.#takeTurn(signal);
    try {
      yield* speakText(speaker, text, signal);
    } finally {
      release();
    }
  }

  protected override async *openSpeechToText(
    audio: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncGenerator<TranscriptionResult, void, undefined> {
    // One of its own for each stream: errors come on the recogniser, not on the stream.
    const recogniser = createProvider('stt', this.#config.stt);
    this.#ears.add(recogniser);
    try {
      yield* transcribeAudio({
        recogniser,
        audio,
        sampleRate: this.inputSampleRate,
        vad: this.#vad,
        onVadInfo: (info) => {
          this.#vadInfo = info;
        },
        signal,
      });
    } finally {
      this.#ears.delete(recogniser);
      await recogniser.close();
    }
  }

  #speaker(): tts.TTS {
    if (this.#tts !== undefined) return this.#tts;
    throw new VoiceConnectionError('The voice provider is not connected: call connect() first', {
      code: 'not-connected',
    });
  }

  /** Resolves when it is this text's turn, to the function that ends the turn. */
  #takeTurn(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(new VoiceConnectionError('disconnected before the text was spoken'));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      void this.#mouth.add(
        () =>
          new Promise<void>((done) => {
            signal.removeEventListener('abort', onAbort);
            resolve(done);
          }),
      );
    });
  }
}

const healthUrl = (kind: 'stt' | 'tts', config: STTConfig | TTSConfig): string | undefined => {
  const { provider, ...options } = config;
  const definition = findProvider(kind, provider);
  return definition.healthUrl?.(definition.options.parse(options));
};

const checkHealth = async (url: string, signal: AbortSignal): Promise<void> => {
  const http = new HttpClient();
  const limits = { totalMs: HEALTH_TIMEOUT_MS, maxBytes: MAX_HEALTH_BYTES };
  try {
    await http.fetchBytes({ url, method: 'GET' }, limits, signal, {
      what: `the request to ${url}`,
    });
  } catch (cause) {
    throw new VoiceConnectionError(`The speech service does not answer at ${url}`, { cause });
  } finally {
    await http.close();
  }
};
