import type { AppConfig } from '../../../config/load-config.js';
import { findProvider } from '../../../providers/find-provider.js';
import type { ProviderKind } from '../../../providers/registry.js';
import { askLanguageModel } from '../round-trip/ask-language-model.js';
import { hearSentence } from '../round-trip/hear-sentence.js';
import { speakSentence } from '../round-trip/speak-sentence.js';
import { tryProvider, type ProviderTrial } from '../try-provider.js';
import type { DoctorContext, Finding } from '../finding.js';

/** Every chosen provider and fallback by a real round trip: the local ones in turn, the others at once. */
export const checkProviders = async (context: DoctorContext): Promise<readonly Finding[]> => {
  const trials = trialsOf(context.config);
  const isLocal = ({ kind, config }: ProviderTrial): boolean =>
    findProvider(kind, config.provider).capabilities.usesLocalEndpoint;
  const elsewhere = Promise.all(
    trials.filter((trial) => !isLocal(trial)).map((trial) => tryProvider(trial, context)),
  );
  // One machine would only measure how they keep each other from working.
  const here: Finding[] = [];
  for (const trial of trials.filter(isLocal)) here.push(await tryProvider(trial, context));
  return [...here, ...(await elsewhere)];
};

const trialsOf = (config: AppConfig): ProviderTrial[] => {
  const kinds: readonly ProviderKind[] =
    config.agent.mode === 'transcription' ? ['stt'] : ['stt', 'llm', 'tts'];
  const work = {
    stt: (signal: AbortSignal, trial: ProviderTrial) => hearSentence(trial, signal),
    llm: (signal: AbortSignal, trial: ProviderTrial) => askLanguageModel(trial, signal),
    tts: (signal: AbortSignal, trial: ProviderTrial) => speakSentence(trial, config.stt, signal),
  };
  return kinds.flatMap((kind) =>
    [config[kind], ...config.fallbacks[kind]].map((one) => ({
      kind,
      config: one,
      work: work[kind],
    })),
  );
};
