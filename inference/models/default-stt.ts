import { readdir } from 'node:fs/promises';
import { asrConfig } from '../asr/asr-config.js';
import { BackendUnavailableError } from '../backends/backend-registry.js';
import type { STTChoice } from '../engines/speech-to-text-slot.js';
import { MIN_INTERIM_STEP_MS } from '../stream/stream-limits.js';
import { ModelNotFoundError } from './model-source.js';
import { chooseSTT, type ChoiceContext } from './stt-choice.js';

/**
 * The recogniser to begin with. Where its backend has no build for this machine (whisper.cpp on linux-arm64), the first folder of
 * the models directory that another backend can load takes its place.
 *
 * @throws ModelNotFoundError, or BackendUnavailableError when nothing can take its place
 */
export async function chooseDefaultSTT(model: string, context: ChoiceContext): Promise<STTChoice> {
  const choose = async (name: string): Promise<STTChoice> => {
    const config = asrConfig.parse({ model: name, minChunkSize: MIN_INTERIM_STEP_MS / 1000 });
    return (await chooseSTT(config, context)).choice;
  };
  try {
    return await choose(model);
  } catch (error) {
    if (!(error instanceof BackendUnavailableError)) throw error;
    for (const name of await ownModels(context.places.modelsDir)) {
      try {
        const found = await choose(name);
        context.onEvent?.(
          `speech-to-text: ${error.message} The model ${name} of the models directory takes its place.`,
        );
        return found;
      } catch (other) {
        if (!(other instanceof ModelNotFoundError)) throw other; // a folder of another kind: the next one
      }
    }
    throw new BackendUnavailableError(
      `${error.message} Put a model for another backend into a folder of ${context.places.modelsDir} (INFERENCE_MODELS_DIR), and name the folder in INFERENCE_STT_MODEL; docs/jetson.md says which.`,
      { cause: error },
    );
  }
}

async function ownModels(modelsDir: string): Promise<string[]> {
  return readdir(modelsDir).then(
    (names) => names.sort(),
    () => [],
  );
}
