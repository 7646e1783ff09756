import { EngineQueue } from '../../queue/engine-queue.js';
import { createWorker } from '../../worker-rpc/create-worker.js';
import { trialLoad } from '../../worker-rpc/trial-load.js';
import { WorkerClient } from '../../worker-rpc/worker-client.js';
import { fileOf, type EngineHost, type EngineOptions, type ModelFiles } from '../engine-host.js';
import type { GenerateRequest, Generation, LanguageModelEngine } from '../language-model-engine.js';
import type { LlamaWorkerOptions } from './llama-worker.js';
import type { WriteReplyArgument } from './write-reply.js';

/** Conversations held at once: each keeps its context in memory (about 45 MB for the default model). */
export const LLM_SEQUENCES = 2;
/** Tokens of one conversation: SmolLM2 was trained on this many. */
export const LLM_CONTEXT_TOKENS = 2048;
/** Requests that may wait: an answer takes one to three seconds. */
export const LLM_MAX_WAITING = 8;
/** Longest wait of a request, in ms. */
export const LLM_MAX_WAIT_MS = 15_000;

/** llama.cpp in a worker thread. */
export class LlamaEngine implements LanguageModelEngine, EngineHost {
  readonly kind = 'llm';
  readonly model: string;
  /** SmolLM2-135M writes something like a call now and then, never reliably: it answers in words. */
  readonly toolCalls = false;
  readonly worker: WorkerClient;
  readonly #queue = new EngineQueue({
    name: 'language-model',
    concurrency: LLM_SEQUENCES,
    maxWaiting: LLM_MAX_WAITING,
    maxWaitMs: LLM_MAX_WAIT_MS,
    retryAfterS: 3,
  });

  readonly #threads: number;

  constructor({ model, threads, onEvent }: EngineOptions) {
    this.model = model;
    this.#threads = threads;
    this.worker = new WorkerClient({ name: 'language-model', onEvent });
  }

  /** @param verified - the file is known by its checksum; others are tried in a process of their own first */
  async load(files: ModelFiles, verified: boolean): Promise<void> {
    const options: LlamaWorkerOptions = {
      modelPath: fileOf(files, 'model'),
      threads: this.#threads,
      sequences: LLM_SEQUENCES,
      contextTokens: LLM_CONTEXT_TOKENS,
    };
    const entry = new URL('./llama-worker', import.meta.url);
    if (!verified) await trialLoad(entry, options);
    await this.worker.start(() => createWorker(entry, options));
  }

  get contextTokens(): number {
    return (this.worker.info as { contextTokens?: number } | undefined)?.contextTokens ?? 0;
  }

  async generate(request: GenerateRequest): Promise<Generation> {
    const { onText, signal, ...rest } = request;
    const argument: WriteReplyArgument = rest;
    return this.#queue.run(
      async () =>
        (await this.worker.call('generate', argument, {
          signal,
          onItem: (part) => onText?.(part as string),
        })) as Generation,
      { signal },
    );
  }
}
