import { AudioFrame } from '@livekit/rtc-node';
import { concat, MonoResampler } from '../../adapters/audio/mono-resampler.js';
import { ProviderFactory } from '../../providers/provider-factory.js';
import type { TTSConfig } from '../../providers/registry.js';
import { CLIP_SAMPLE_RATE } from './read-clip.js';

/** A model that is just loading included; the sentence of a script is spoken in well under a second. */
const TIMEOUT_MS = 20_000;

/** Speech, and how long its first sound took. */
export interface SpokenText {
  /** 48 kHz mono. */
  readonly samples: Int16Array;
  readonly latencyMs: number;
}

/**
 * Has the configured voice say a text.
 * @throws what the provider reports first, or the signal's reason
 */
export const speakText = async (
  config: TTSConfig,
  text: string,
  signal: AbortSignal = AbortSignal.timeout(TIMEOUT_MS),
): Promise<SpokenText> => {
  const voice = ProviderFactory.createTTS(config);
  const failed = new Promise<never>((_resolve, reject) => {
    voice.on('error', ({ error }) => {
      reject(error);
    });
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
  failed.catch(() => undefined); // given to whoever races below
  const startedAt = performance.now();
  const stream = voice.synthesize(text, { maxRetry: 0, retryIntervalMs: 0, timeoutMs: TIMEOUT_MS });
  const read = async (): Promise<SpokenText> => {
    const resampler = new MonoResampler(CLIP_SAMPLE_RATE);
    const pieces: Int16Array[] = [];
    let firstAt: number | undefined;
    for await (const { frame } of stream) {
      firstAt ??= performance.now();
      const { data, sampleRate, channels, samplesPerChannel } = frame;
      const own = new AudioFrame(data.slice(), sampleRate, channels, samplesPerChannel);
      pieces.push(resampler.push(own));
    }
    const samples = concat([...pieces, resampler.flush()]);
    return { samples, latencyMs: (firstAt ?? startedAt) - startedAt };
  };
  try {
    return await Promise.race([read(), failed]);
  } finally {
    stream.close();
    await voice.close();
  }
};
