import type { OnProgress } from '../../downloads/progress.js';
import { ensureModel } from '../../inference/models/ensure-model.js';
import { LIVEKIT_ITEM, ensureLivekitServer } from '../../livekit/ensure-livekit-server.js';

/** What became of one item. */
export interface FetchResult {
  readonly id: string;
  readonly ok: boolean;
  /** Where it came from. */
  readonly from?: string;
  /** Why it could not be had, with what to do. */
  readonly error?: string;
}

/**
 * Fetches items one after the other (on a slow line, two at once only share it). One that fails does not keep the rest.
 *
 * @param ids - known ids
 */
export async function fetchItems(
  ids: readonly string[],
  options: {
    readonly cacheDir: string;
    readonly onProgress: OnProgress;
    readonly signal: AbortSignal;
  },
): Promise<FetchResult[]> {
  const unreachable = new Map<string, string>();
  const results: FetchResult[] = [];
  for (const id of ids) {
    try {
      if (id === LIVEKIT_ITEM) {
        const server = await ensureLivekitServer(options);
        results.push({ id, ok: true, from: `${server.origin}, version ${server.version}` });
      } else {
        const model = await ensureModel(id, { ...options, unreachable });
        results.push({ id, ok: true, from: model.from.join('; ') });
      }
    } catch (error) {
      options.signal.throwIfAborted();
      results.push({
        id,
        ok: false,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
  return results;
}
