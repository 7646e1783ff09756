import type { STTConfig } from '../../../providers/registry.js';
import { ProviderFactory } from '../../../providers/provider-factory.js';
import { readClip } from '../../call/read-clip.js';
import { NonsenseError } from '../nonsense-error.js';
import type { ProviderTrial, RoundTrip } from '../try-provider.js';
import { isSentence, SENTENCE, sentenceFile } from './sentence.js';
import { transcribe } from './transcribe.js';

/** Plays the doctor's recording to a recogniser. Latency: from its end to the final text. */
export const hearSentence = async (
  { config }: ProviderTrial,
  signal: AbortSignal,
): Promise<RoundTrip> => {
  const { samples } = await readClip(sentenceFile);
  // A trial of kind stt holds a config of that kind.
  const { text, latencyMs } = await transcribe(
    ProviderFactory.createSTT(config as STTConfig),
    samples,
    signal,
  );
  if (!isSentence(text)) {
    throw new NonsenseError(`The recording says "${SENTENCE}", and the service heard "${text}".`);
  }
  return { detail: `Heard "${text}".`, latencyMs };
};
