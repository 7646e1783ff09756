import type { WorkerClient } from '../worker-rpc/worker-client.js';

/** Paths of a model's files by what the engine asks for, as `ensureModel` returns them. */
export type ModelFiles = Readonly<Record<string, string>>;

/** What every engine is made from. */
export interface EngineOptions {
  /** Id of the model, as /v1/models shows it. */
  readonly model: string;
  readonly threads: number;
  /** Told about crashes and restarts, in words. */
  readonly onEvent?: ((message: string) => void) | undefined;
}

/** An engine as start-up, /healthz and shutdown see it. */
export interface EngineHost {
  readonly kind: 'stt' | 'tts' | 'llm' | 'vad';
  readonly model: string;
  readonly worker: WorkerClient;
  /** Starts the worker and resolves when the model is loaded and warm. @throws EngineFailedError */
  load(files: ModelFiles): Promise<void>;
}

/** @throws Error when the model has no such file */
export function fileOf(files: ModelFiles, role: string): string {
  const path = files[role];
  if (path === undefined) {
    const known = Object.keys(files).join(', ');
    throw new Error(`the model has no file for ${JSON.stringify(role)}; it has ${known}`);
  }
  return path;
}
