import { verifiedEarlier } from '../../downloads/cache-state.js';
import { MODELS, UnknownModelError } from '../../inference/models/catalogue.js';
import { modelDirectory } from '../../inference/models/ensure-model.js';
import { modelBytes, type ModelEntry } from '../../inference/models/model-entry.js';
import { LIVEKIT_ITEM, findLivekitServer } from '../../livekit/ensure-livekit-server.js';
import { LIVEKIT_VERSION } from '../../livekit/livekit-release.js';

/** A line of `npm run models`. */
export interface CacheItem {
  readonly id: string;
  readonly kind: string;
  /** Bytes in the cache; unknown for what is built on this machine. */
  readonly bytes: number | undefined;
  readonly licence: string;
  readonly origin: string;
  readonly cached: boolean;
  /** Where the cached copy came from, or what was found outside the cache. */
  readonly from: string | undefined;
}

/** Ids that `npm run models` knows: the catalogue's and livekit-server's. */
export function knownIds(): string[] {
  return [...MODELS.map((model) => model.id), LIVEKIT_ITEM];
}

/**
 * Checks ids from the command line.
 *
 * @throws UnknownModelError naming the first unknown one and those that exist
 */
export function checkIds(ids: readonly string[]): void {
  const unknown = ids.find((id) => !knownIds().includes(id));
  if (unknown !== undefined) throw new UnknownModelError(unknown, [LIVEKIT_ITEM]);
}

/** Everything that can be fetched, and whether it is there already. */
export async function cacheItems(cacheDir: string): Promise<CacheItem[]> {
  const items: CacheItem[] = [];
  for (const model of MODELS) items.push(await modelItem(model, cacheDir));
  const server = await findLivekitServer({ cacheDir });
  const where = server?.origin === 'path' ? `PATH, version ${server.version}` : 'the cache';
  items.push({
    id: LIVEKIT_ITEM,
    kind: 'server',
    bytes: undefined,
    licence: 'Apache-2.0',
    origin: `LiveKit ${LIVEKIT_VERSION}, https://github.com/livekit/livekit`,
    cached: server !== undefined,
    from: server === undefined ? undefined : where,
  });
  return items;
}

async function modelItem(model: ModelEntry, cacheDir: string): Promise<CacheItem> {
  const directory = modelDirectory(cacheDir, model.id);
  const from: string[] = [];
  for (const part of model.parts) {
    const source = await verifiedEarlier(part, directory);
    if (source !== undefined) from.push(source);
  }
  const cached = from.length === model.parts.length;
  return {
    id: model.id,
    kind: model.kind,
    bytes: modelBytes(model),
    licence: model.licence,
    origin: model.origin,
    cached,
    from: cached ? from.join('; ') : undefined,
  };
}
