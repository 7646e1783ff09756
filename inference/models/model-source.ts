import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnsureOptions } from '../../downloads/ensure-artefact.js';
import type { BackendDefinition, BackendRegistry } from '../backends/backend-registry.js';
import { MODELS } from './catalogue.js';
import { ensureModel } from './ensure-model.js';
import type { ModelKind } from './model-entry.js';

/** A backend's definition as far as finding its model goes. */
type Definition = Omit<BackendDefinition<unknown>, 'create'>;

/** A model that was found, and the backend that runs it. */
export interface FoundModel<Def> {
  readonly model: string;
  readonly definition: Def;
  /** Its folder in the models directory; undefined for one of the catalogue. */
  readonly folder: string | undefined;
  /** The catalogue knows its checksums. */
  readonly verified: boolean;
  /** Files of a folder; those of the catalogue may have to be fetched first. */
  readonly known: Readonly<Record<string, string>>;
  /** Bytes on disk. */
  readonly bytes: number;
  /** The files, fetched where they are missing. @throws as ensureModel */
  files(): Promise<Readonly<Record<string, string>>>;
}

/** Where models are looked for. */
export interface ModelPlaces {
  readonly cacheDir: string;
  /** Folders of the user's own models. */
  readonly modelsDir: string;
  readonly fetching: Omit<EnsureOptions, 'directory' | 'item' | 'cacheDir'>;
}

/** A model name that is not in the catalogue and no folder, or a folder that no backend can load. */
export class ModelNotFoundError extends Error {
  override readonly name = 'ModelNotFoundError';
}

/** Names are names: no path, no address, nothing hidden. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Absolute path of a model's folder. @throws ModelNotFoundError when the name could lead anywhere else */
export function modelFolder(modelsDir: string, name: string): string {
  if (NAME.test(name) && !name.includes('..')) return join(modelsDir, name);
  throw new ModelNotFoundError(
    `model is ${JSON.stringify(name.slice(0, 80))}: a name of the catalogue or of a folder in the models directory is wanted, never a path or an address.`,
  );
}

/**
 * Finds a model by its name: in the catalogue, then in the models directory.
 *
 * @param backend - the only one that will do; any that can be used here where it is missing
 * @throws ModelNotFoundError that says what there is, or BackendUnavailableError
 */
export async function findModelSource<Def extends Definition>(
  name: string,
  kind: ModelKind,
  registry: BackendRegistry<Def>,
  places: ModelPlaces,
  backend?: string,
): Promise<FoundModel<Def>> {
  const folder = modelFolder(places.modelsDir, name);
  const wanted = backend === undefined ? undefined : registry.get(backend);
  const entry = MODELS.find((one) => one.id === name && one.kind === kind);
  if (entry !== undefined && (wanted === undefined || wanted.name === entry.backend)) {
    return {
      model: name,
      definition: registry.get(entry.backend),
      folder: undefined,
      verified: true,
      known: {},
      bytes: entry.parts.flatMap(({ files }) => files).reduce((sum, file) => sum + file.bytes, 0),
      files: async () =>
        (await ensureModel(name, { ...places.fetching, cacheDir: places.cacheDir })).files,
    };
  }
  const names = await namesIn(folder);
  if (names === undefined) {
    const others = MODELS.filter((one) => one.kind === kind).map(({ id }) => id);
    const own = (await namesIn(places.modelsDir)) ?? [];
    throw new ModelNotFoundError(
      `There is no model ${JSON.stringify(name)}. The catalogue has ${others.join(', ')}; the models directory has ${own.length === 0 ? 'none' : own.slice(0, 20).join(', ')}.`,
    );
  }
  const candidates = wanted === undefined ? registry.available() : [wanted];
  for (const definition of candidates) {
    const files = definition.filesIn(folder, names);
    if (files === undefined) continue;
    return {
      model: name,
      definition,
      folder,
      verified: false,
      known: files,
      bytes: await bytesOf(files),
      files: () => Promise.resolve(files),
    };
  }
  const expected = candidates.map((one) => `${one.name}: ${one.expects}`).join('; ');
  throw new ModelNotFoundError(
    `The folder ${name} of the models directory has no model that can be loaded here. What the backends look for: ${expected}.`,
  );
}

async function namesIn(folder: string): Promise<string[] | undefined> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return undefined; // not there, or not to be read: the caller says so
  }
}

async function bytesOf(files: Readonly<Record<string, string>>): Promise<number> {
  const sizes = Object.values(files).map(async (path) => {
    const found = await stat(path).catch(() => undefined);
    return found?.isFile() === true ? found.size : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
