import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import type { OnProgress } from '../downloads/progress.js';
import { join } from 'node:path';
import { BackendUnavailableError } from './backends/backend-registry.js';
import { createEngines, type EngineSettings } from './create-engines.js';
import { engineHosts } from './endpoint-engines.js';
import { isLoopback } from './http/is-loopback.js';
import { ensureModel } from './models/ensure-model.js';
import { ModelNotFoundError } from './models/model-source.js';
import { DRAIN_MS } from './server-limits.js';
import { buildServer } from './server.js';

/** What can be loaded at start; the voice detector always is. */
export type PreloadKind = 'stt' | 'tts' | 'llm';

const EVERYTHING: readonly PreloadKind[] = ['stt', 'tts', 'llm'];

/** Settings of {@link startInference}. */
export interface StartInferenceOptions extends Omit<EngineSettings, 'onEvent' | 'vadModel'> {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Needed on any address but loopback. */
  readonly apiKey?: string | undefined;
  /** Where the models are. */
  readonly cacheDir: string;
  readonly vadModel?: string;
  /** Folders of models of your own; default `own-models` in the cache directory. */
  readonly modelsDir?: string | undefined;
  /** What is loaded at start; the rest when it is wanted. Default: everything. */
  readonly preload?: readonly PreloadKind[] | undefined;
  readonly logger?: FastifyServerOptions['logger'];
  readonly onProgress?: OnProgress | undefined;
  readonly maxStreams?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A running endpoint. */
export interface RunningInference {
  /** Base address, e.g. `http://127.0.0.1:8800`. */
  readonly url: string;
  readonly app: FastifyInstance;
  /** Resolves when every engine is loaded and warm. @throws what ensureModel or an engine's load throws */
  readonly ready: Promise<void>;
  /** Answers what is in progress, then closes sockets and engines. Safe to call twice. */
  close(): Promise<void>;
}

/** The endpoint was asked to do what would not be safe or possible; the message names the variable. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
}

/**
 * Starts the endpoint. It listens at once and answers /healthz with `loading` until the models are there.
 *
 * @throws StartRefusedError when it would be open to everybody, the port is taken or a model cannot be had
 */
export async function startInference(options: StartInferenceOptions): Promise<RunningInference> {
  const { host, port, apiKey } = options;
  if (apiKey === undefined && !isLoopback(host)) {
    throw new StartRefusedError(
      `INFERENCE_HOST is ${host}: on any address but loopback the endpoint needs a key. Set INFERENCE_API_KEY, or INFERENCE_HOST=127.0.0.1.`,
    );
  }
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const progress = new Map<string, string>();
  let log: (message: string) => void = () => undefined;
  const fetching = {
    signal,
    onProgress: (report: Parameters<OnProgress>[0]) => {
      if (report.phase === 'done') progress.delete(report.item);
      else progress.set(report.item, report.phase);
      options.onProgress?.(report);
    },
  };
  const { cacheDir, modelsDir = join(cacheDir, 'own-models') } = options;
  const engines = await createEngines(
    {
      ...options,
      vadModel: options.vadModel ?? 'silero-vad',
      onEvent: (message) => {
        log(message);
      },
    },
    { cacheDir, modelsDir, fetching },
  ).catch((error: unknown) => {
    throw choiceError(error);
  });
  const app = await buildServer({
    engines,
    models: engines.models,
    apiKey,
    logger: options.logger,
    loading: () => [...progress].map(([item, phase]) => `${item}: ${phase}`),
    ...(options.maxStreams === undefined ? {} : { maxStreams: options.maxStreams }),
  });
  log = (message) => {
    app.log.warn(message);
  };
  const hosts = engineHosts(engines);
  let closing: Promise<void> | undefined;
  const shutDown = async (): Promise<void> => {
    stop.abort(new Error('the endpoint is shutting down'));
    const drained = new AbortController();
    // Streams have no end of their own: after the drain time they are closed with 1001.
    await Promise.race([
      app.close(),
      delay(DRAIN_MS, undefined, { signal: drained.signal }).catch(() => undefined),
    ]);
    drained.abort();
    await Promise.all(hosts.map(({ worker }) => worker.close()));
  };
  const close = (): Promise<void> => (closing ??= shutDown());

  const ready = async (kind: string, model: string, load: () => Promise<void>): Promise<void> => {
    await load();
    app.log.info({ engine: kind, model }, 'engine ready');
  };
  const loadDetector = async (): Promise<void> => {
    const { files } = await ensureModel(engines.vad.model, { ...fetching, cacheDir });
    signal.throwIfAborted();
    await engines.vad.load(files);
  };
  const load = async (): Promise<void> => {
    const preloaded = (options.preload ?? EVERYTHING).map((kind) => engines[kind]);
    await Promise.all([
      ready(engines.vad.kind, engines.vad.model, loadDetector),
      ...preloaded.map(({ kind, model, worker }) => ready(kind, model, () => worker.preload())),
    ]);
  };
  let url: string;
  try {
    await app.listen({ host, port });
    url = addressOf(app);
  } catch (error) {
    await close();
    throw listenError(error, host, port);
  }
  const loaded = load();
  loaded.catch(() => undefined); // for whoever waits for it; without one /healthz tells
  return { url, app, ready: loaded, close };
}

function addressOf(app: FastifyInstance): string {
  const address = app.server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the server listens nowhere');
  const host = isIP(address.address) === 6 ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

/** A model that is not there, or that nothing here can run, as a sentence without a stack. */
function choiceError(error: unknown): unknown {
  const known = error instanceof ModelNotFoundError || error instanceof BackendUnavailableError;
  if (!known) return error;
  return new StartRefusedError(
    `${error.message} Check INFERENCE_STT_MODEL, INFERENCE_TTS_MODEL and INFERENCE_LLM_MODEL.`,
    { cause: error },
  );
}

function listenError(error: unknown, host: string, port: number): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new StartRefusedError(
      `Port ${port} on ${host} is in use. Stop what uses it, or choose another with INFERENCE_PORT.`,
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EACCES') {
    return new StartRefusedError(
      `Cannot listen on ${host}:${port} (${code}). Check INFERENCE_HOST and INFERENCE_PORT.`,
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}
