import { speakText } from '../../call/speak-text.js';
import { ProviderFactory } from '../../../providers/provider-factory.js';
import type { STTConfig, TTSConfig } from '../../../providers/registry.js';
import { CLIP_SAMPLE_RATE, rootMeanSquare } from '../../call/read-clip.js';
import { NonsenseError } from '../nonsense-error.js';
import type { ProviderTrial, RoundTrip } from '../try-provider.js';
import { isSentence, SENTENCE } from './sentence.js';
import { transcribe } from './transcribe.js';

/** Six words take one to five seconds; twice that is another text or another rate. */
const SHORTEST_MS = 600;
const LONGEST_MS = 10_000;
/** Of 32768: codec noise is far below. */
const SPEECH_LEVEL = 100;

/** Has a voice say the sentence, and the chosen recogniser write it down. Latency: to the first sound. */
export const speakSentence = async (
  { config }: ProviderTrial,
  stt: STTConfig,
  signal: AbortSignal,
): Promise<RoundTrip> => {
  const { samples, latencyMs } = await speakText(config as TTSConfig, SENTENCE, signal);
  const durationMs = (samples.length / CLIP_SAMPLE_RATE) * 1000;
  if (
    durationMs < SHORTEST_MS ||
    durationMs > LONGEST_MS ||
    rootMeanSquare(samples) < SPEECH_LEVEL
  ) {
    throw new NonsenseError(
      `The service answered "${SENTENCE}" with ${(durationMs / 1000).toFixed(1)} s of audio that is not speech.`,
    );
  }
  const seconds = `${(durationMs / 1000).toFixed(1)} s of speech`;
  try {
    const { text } = await transcribe(ProviderFactory.createSTT(stt), samples, signal);
    if (isSentence(text)) return { detail: `${seconds}, understood as "${text}".`, latencyMs };
    throw new NonsenseError(
      `The service was asked to say "${SENTENCE}"; its ${seconds} is understood as "${text}".`,
    );
  } catch (error) {
    if (error instanceof NonsenseError) throw error;
    // The recogniser has a line of its own in the table.
    return { detail: `${seconds}; not listened to, as speech to text failed.`, latencyMs };
  }
};
