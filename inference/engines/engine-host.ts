import type { EngineState } from '../worker-rpc/worker-client.js';

/** Paths of a model's files by what the engine asks for, as `ensureModel` returns them. */
export type ModelFiles = Readonly<Record<string, string>>;

/** How an engine does, whatever runs it. */
export interface EngineHealth {
  readonly state: EngineState;
  /** The last crash or failed load, in words. */
  readonly lastProblem: string | undefined;
  /** True when the engine answers within `timeoutMs`. */
  answers(timeoutMs: number): Promise<boolean>;
  /** Resolves when it can be called. @throws EngineUnavailableError after `timeoutMs` */
  whenReady?(timeoutMs?: number): Promise<void>;
  /** Rejects what is in flight and frees the engine. Safe to call twice. */
  close(): Promise<void>;
}

/** An engine as /healthz, /v1/models and shutdown see it. */
export interface EngineHost {
  readonly kind: 'stt' | 'tts' | 'llm' | 'vad';
  readonly model: string;
  readonly worker: EngineHealth;
}

/** What every engine in a worker is made from. */
export interface EngineOptions {
  /** Id of the model, as /v1/models shows it. */
  readonly model: string;
  readonly threads: number;
  /** Told about crashes and restarts, in words. */
  readonly onEvent?: ((message: string) => void) | undefined;
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
