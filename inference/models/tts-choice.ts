import { ttsBackends } from '../backends/tts/tts-registry.js';
import { piperVoice } from '../backends/tts/piper.js';
import { QueuedSynthesiser } from '../engines/queued-synthesiser.js';
import type { TTSChoice } from '../engines/text-to-speech-slot.js';
import { findModelSource } from './model-source.js';
import { healthOf, loadOrFree, type ChoiceContext } from './stt-choice.js';

/** A voice by its model's name; nothing is loaded yet. @throws ModelNotFoundError, BackendUnavailableError */
export async function chooseTTS(
  model: string,
  { places, threads, onEvent }: ChoiceContext,
): Promise<TTSChoice> {
  const found = await findModelSource(model, 'tts', ttsBackends, places);
  const { definition, verified } = found;
  return {
    description: { model, backend: definition.name, voices: [piperVoice(model)] },
    load: async (signal) => {
      const backend = definition.create({ onEvent });
      const files = await found.files();
      await loadOrFree(backend, signal, () => backend.load({ model, files, threads, verified }));
      return {
        model,
        health: backend.health ?? healthOf(backend),
        engine: new QueuedSynthesiser(model, backend),
      };
    },
  };
}
