import { Worker } from 'node:worker_threads';

/** What every engine worker finds in `workerData`. */
export interface EngineWorkerData<Options> {
  readonly entry: string;
  readonly options: Options;
}

/** Young objects of a worker's JavaScript, in MB: its data is in native memory and in buffers; V8 would take 48. */
const YOUNG_GENERATION_MB = 4;

/**
 * Starts a worker thread from a module of this project, from `.ts` sources (through tsx) as well as compiled.
 *
 * @param entry - the worker's module without its extension, e.g. `new URL('./whisper-worker', import.meta.url)`
 * @param options - structured-cloneable settings, found in `workerData.options`
 */
export function createWorker(entry: URL, options: unknown): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  const module = `${entry.href}${fromSource ? '.ts' : '.js'}`;
  const start = fromSource ? new URL('./worker-bootstrap.mjs', import.meta.url) : new URL(module);
  const workerData: EngineWorkerData<unknown> = { entry: module, options };
  // execArgv: [] because `--import tsx` inherited from the parent does not work in a worker on Node 20.
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
  return new Worker(start, { execArgv: [], workerData, resourceLimits });
}
