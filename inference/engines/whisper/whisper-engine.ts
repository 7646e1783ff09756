import { EngineQueue } from '../../queue/engine-queue.js';
import { createWorker } from '../../worker-rpc/create-worker.js';
import { WorkerClient } from '../../worker-rpc/worker-client.js';
import { fileOf, type EngineHost, type EngineOptions, type ModelFiles } from '../engine-host.js';
import type {
  RecogniseRequest,
  Recognition,
  SpeechToTextEngine,
} from '../speech-to-text-engine.js';
import { STT_PRIORITY } from '../stt-priority.js';
import type { WhisperRecogniseArgument, WhisperWorkerOptions } from './whisper-worker.js';
import { WHISPER_MAX_WINDOW_MS } from './whisper-window.js';

/** Passes that may wait for whisper: at half a second each the last one waits 16 s, the longest anybody should. */
export const STT_MAX_WAITING = 32;
/** Longest wait of a pass, in ms. */
export const STT_MAX_WAIT_MS = 20_000;

/** whisper.cpp in a worker thread: one pass at a time, urgent ones first. */
export class WhisperEngine implements SpeechToTextEngine, EngineHost {
  readonly kind = 'stt';
  readonly model: string;
  readonly maxWindowMs = WHISPER_MAX_WINDOW_MS;
  readonly worker: WorkerClient;
  readonly #queue = new EngineQueue({
    name: 'speech-to-text',
    concurrency: 1, // full() uses every thread it was given
    maxWaiting: STT_MAX_WAITING,
    maxWaitMs: STT_MAX_WAIT_MS,
    retryAfterS: 2,
  });

  readonly #threads: number;

  constructor({ model, threads, onEvent }: EngineOptions) {
    this.model = model;
    this.#threads = threads;
    this.worker = new WorkerClient({ name: 'speech-to-text', onEvent });
  }

  async load(files: ModelFiles): Promise<void> {
    const options: WhisperWorkerOptions = {
      modelPath: fileOf(files, 'model'),
      threads: this.#threads,
    };
    await this.worker.start(() =>
      createWorker(new URL('./whisper-worker', import.meta.url), options),
    );
  }

  get waiting(): number {
    return this.#queue.load;
  }

  whenReady(timeoutMs?: number): Promise<void> {
    return this.worker.whenReady(timeoutMs);
  }

  async recognise(request: RecogniseRequest): Promise<Recognition> {
    const { samples, language, prompt, temperature, signal } = request;
    const argument: WhisperRecogniseArgument = { samples, language, prompt, temperature };
    const priority = request.priority ?? STT_PRIORITY.clip;
    return this.#queue.run(
      async () =>
        // No signal: full() cannot be stopped, and the next pass must not start beside it.
        (await this.worker.call('recognise', argument, {
          transfer: [samples.buffer],
        })) as Recognition,
      { priority, signal },
    );
  }
}
