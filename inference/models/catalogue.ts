import { piperJoe } from './entries/piper-en-us-joe-medium.js';
import { sileroVad } from './entries/silero-vad.js';
import { smollm2 } from './entries/smollm2-135m-instruct.js';
import { whisperTinyEn } from './entries/whisper-tiny-en.js';
import type { ModelEntry } from './model-entry.js';

/** Every model that can be fetched. A new one is a file in `entries/` and a line here. */
export const MODELS: readonly ModelEntry[] = [whisperTinyEn, piperJoe, smollm2, sileroVad];

/** A model id that is not in the catalogue. */
export class UnknownModelError extends Error {
  override readonly name = 'UnknownModelError';

  /**
   * @param id - what was asked for
   * @param others - ids beside the catalogue's that would have done as well
   */
  constructor(id: string, others: readonly string[] = []) {
    const known = [...MODELS.map((model) => model.id), ...others].join(', ');
    super(`There is no model ${JSON.stringify(id)}. Known: ${known}.`);
  }
}

/**
 * Looks a model up.
 *
 * @throws UnknownModelError listing the ids that exist
 */
export function findModel(id: string): ModelEntry {
  const model = MODELS.find((entry) => entry.id === id);
  if (model === undefined) throw new UnknownModelError(id);
  return model;
}
