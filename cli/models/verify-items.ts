import { join } from 'node:path';
import { findBadFiles, forgetVerified, recordVerified } from '../../downloads/cache-state.js';
import { MODELS } from '../../inference/models/catalogue.js';
import { modelDirectory } from '../../inference/models/ensure-model.js';

/** What hashing a model's files showed. */
export interface VerifyResult {
  readonly id: string;
  readonly state: 'as in the catalogue' | 'not cached' | 'damaged';
  /** One line a file that is missing or wrong. */
  readonly problems: readonly string[];
}

/**
 * Hashes the files of models in the cache. What is wrong is forgotten as verified, so that the next fetch or start replaces it.
 *
 * @param ids - the models; others are passed over
 */
export async function verifyItems(
  ids: readonly string[],
  cacheDir: string,
): Promise<VerifyResult[]> {
  const results: VerifyResult[] = [];
  for (const model of MODELS.filter(({ id }) => ids.includes(id))) {
    const directory = modelDirectory(cacheDir, model.id);
    const problems: string[] = [];
    let missing = 0;
    for (const part of model.parts) {
      const bad = await findBadFiles(part, directory);
      missing += bad.filter((file) => file.missing).length;
      problems.push(...bad.map(({ path, problem }) => `${join(directory, path)}: ${problem}`));
      await (bad.length > 0 ? forgetVerified(part, directory) : recordVerified(part, directory));
    }
    const files = model.parts.flatMap((part) => part.files).length;
    if (missing === files) results.push({ id: model.id, state: 'not cached', problems: [] });
    else {
      const state = problems.length === 0 ? 'as in the catalogue' : 'damaged';
      results.push({ id: model.id, state, problems });
    }
  }
  return results;
}
