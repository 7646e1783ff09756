import { readdir } from 'node:fs/promises';
import type { ASRConfig } from '../asr/asr-config.js';
import { findLoader } from '../asr/loader-registry.js';
import type { ModelLoader } from '../asr/model-loader.js';
import { sttBackends } from '../backends/stt/stt-registry.js';
import type { STTBackend } from '../backends/stt/stt-backend.js';
import type { EngineHealth } from '../engines/engine-host.js';
import { ProcessorRecogniser } from '../engines/processor-recogniser.js';
import { QueuedRecogniser } from '../engines/queued-recogniser.js';
import type { LoadedSTT, STTChoice } from '../engines/speech-to-text-slot.js';
import { findModelSource, modelFolder, type ModelPlaces } from './model-source.js';

/** What choosing a model needs. */
export interface ChoiceContext {
  readonly places: ModelPlaces;
  readonly threads: number;
  readonly onEvent?: ((message: string) => void) | undefined;
}

/** A model that was chosen, with its size on disk. */
export interface SizedChoice<Choice> {
  readonly choice: Choice;
  readonly bytes: number;
}

/** Longest pass of a loader's processor: it takes audio piece by piece, so this bounds one request only, in ms. */
const LOADER_WINDOW_MS = 29_000;

/**
 * The model that a configuration asks for; nothing is loaded yet.
 *
 * @throws ModelNotFoundError, BackendUnavailableError
 */
export async function chooseSTT(
  config: ASRConfig,
  context: ChoiceContext,
): Promise<SizedChoice<STTChoice>> {
  const loader = config.backend === undefined ? undefined : findLoader(config.backend);
  return loader === undefined
    ? chooseBackend(config, context)
    : chooseLoader(config, loader, context);
}

async function chooseBackend(
  config: ASRConfig,
  { places, threads, onEvent }: ChoiceContext,
): Promise<SizedChoice<STTChoice>> {
  const { model, backend: wanted } = config;
  const found = await findModelSource(model, 'stt', sttBackends, places, wanted);
  const { definition, verified } = found;
  const language = config.lan === 'auto' ? undefined : config.lan;
  const ownProcessor = definition.streams?.(found.known) ?? false;
  const load = async (signal: AbortSignal): Promise<LoadedSTT> => {
    const backend = definition.create({ onEvent });
    const files = await found.files();
    await loadOrFree(backend, signal, () =>
      backend.load({ model, files, threads, verified, extra: config }),
    );
    const { task } = config;
    return {
      model,
      health: backend.health ?? healthOf(backend),
      engine: new QueuedRecogniser({ model, backend, language, task }),
      ...(backend.createProcessor
        ? {
            createProcessor: (asked: string | undefined) =>
              createProcessor(backend, asked ?? language),
          }
        : {}),
    };
  };
  const description = {
    model,
    backend: definition.name,
    maxWindowMs: LOADER_WINDOW_MS,
    stream: { ...streamSettings(config), ownProcessor, separator: ' ' },
  };
  return { choice: { description, load }, bytes: found.bytes };
}

async function chooseLoader(
  config: ASRConfig,
  loader: ModelLoader,
  { places, threads }: ChoiceContext,
): Promise<SizedChoice<STTChoice>> {
  const path = modelFolder(places.modelsDir, config.model);
  const folder = await readdir(path).then(
    () => path,
    () => undefined,
  );
  const { model, backend = '' } = config;
  const settings = { ...streamSettings(config), ownProcessor: true, separator: ' ' };
  const load = async (): Promise<LoadedSTT> => {
    const loaded = await loader.load(config, { modelFolder: folder, threads });
    settings.separator = loaded.metadata.separator;
    let closed = false;
    return {
      model,
      createProcessor: () => loaded.createProcessor(),
      engine: new ProcessorRecogniser(model, loaded, LOADER_WINDOW_MS),
      health: {
        get state() {
          return closed ? 'closed' : 'ready';
        },
        lastProblem: undefined,
        answers: () => Promise.resolve(!closed),
        close: async () => {
          if (closed) return;
          closed = true;
          await loaded.close();
        },
      },
    };
  };
  const description = { model, backend, maxWindowMs: LOADER_WINDOW_MS, stream: settings };
  return { choice: { description, load }, bytes: 0 };
}

function streamSettings({ lan, minChunkSize, bufferTrimming, bufferTrimmingSec }: ASRConfig) {
  return {
    language: lan === 'auto' ? undefined : lan,
    minChunkMs: minChunkSize * 1000,
    trimming: bufferTrimming,
    trimmingMs: bufferTrimmingSec * 1000,
  };
}

function createProcessor(backend: STTBackend, language: string | undefined) {
  const processor = backend.createProcessor?.({ language });
  if (processor === undefined) throw new Error(`${backend.name} gives no processor for streams`);
  return processor;
}

/** Loads; a load that fails, or that the shutdown overtakes, leaves nothing behind. */
export async function loadOrFree(
  backend: { unload(): Promise<void> },
  signal: AbortSignal,
  load: () => Promise<void>,
): Promise<void> {
  const free = (): void => {
    backend.unload().catch(() => undefined); // the load that is under way says what went wrong
  };
  signal.throwIfAborted();
  signal.addEventListener('abort', free, { once: true });
  try {
    await load();
  } catch (error) {
    await backend.unload();
    throw error;
  } finally {
    signal.removeEventListener('abort', free);
  }
}

/** Health of a backend that has no thread of its own: well while it is loaded. */
export function healthOf(backend: { isLoaded(): boolean; unload(): Promise<void> }): EngineHealth {
  return {
    get state() {
      return backend.isLoaded() ? 'ready' : 'closed';
    },
    lastProblem: undefined,
    answers: () => Promise.resolve(backend.isLoaded()),
    close: () => backend.unload(),
  };
}
