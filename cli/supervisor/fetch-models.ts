import { ensureModel } from '../../inference/models/ensure-model.js';
import { fetchReport } from './fetch-report.js';
import type { TaskPart } from './part.js';

/** Fetches what the inference endpoint is going to load, before it starts, so that the wait is seen to have a reason. */
export function fetchModels(ids: readonly string[], cacheDir: string): TaskPart['run'] {
  return async ({ report, signal }) => {
    const onProgress = fetchReport(report);
    // A source that cannot be reached is found out once, not once for each model.
    const unreachable = new Map<string, string>();
    for (const id of ids) await ensureModel(id, { cacheDir, onProgress, signal, unreachable });
    return ids.join(', ');
  };
}
