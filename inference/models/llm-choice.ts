import { llmBackends } from '../backends/llm/llm-registry.js';
import type { LLMChoice } from '../engines/language-model-slot.js';
import { findModelSource } from './model-source.js';
import { loadOrFree, type ChoiceContext } from './stt-choice.js';

/** A language model by its name; nothing is loaded yet. @throws ModelNotFoundError, BackendUnavailableError */
export async function chooseLLM(
  model: string,
  { places, threads, onEvent }: ChoiceContext,
): Promise<LLMChoice> {
  const found = await findModelSource(model, 'llm', llmBackends, places);
  const { definition, verified } = found;
  return {
    description: { model, backend: definition.name },
    load: async (signal) => {
      const engine = definition.create({ model, threads, onEvent });
      const files = await found.files();
      const unload = { unload: () => engine.worker.close() };
      await loadOrFree(unload, signal, () => engine.load(files, verified));
      return { model, health: engine.worker, engine };
    },
  };
}
