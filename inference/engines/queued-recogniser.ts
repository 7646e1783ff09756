import type { STTBackend } from '../backends/stt/stt-backend.js';
import { STT_SAMPLE_RATE } from '../backends/stt/check-rate.js';
import { EngineQueue } from '../queue/engine-queue.js';
import type { RecogniseRequest, Recognition, SpeechToTextEngine } from './speech-to-text-engine.js';
import { STT_PRIORITY } from './stt-priority.js';

/** Passes that may wait: at half a second each the last one waits 16 s, the longest anybody should. */
export const STT_MAX_WAITING = 32;
/** Longest wait of a pass, in ms. */
export const STT_MAX_WAIT_MS = 20_000;

/** Settings of a {@link QueuedRecogniser}. */
export interface QueuedRecogniserOptions {
  readonly model: string;
  readonly backend: STTBackend;
  /** Where the request names none. */
  readonly language?: string | undefined;
  readonly task?: 'transcribe' | 'translate' | undefined;
}

/** Any backend as the recogniser of many: one pass at a time, urgent ones first, refusing instead of growing. */
export class QueuedRecogniser implements SpeechToTextEngine {
  readonly model: string;
  readonly maxWindowMs: number;
  readonly #options: QueuedRecogniserOptions;
  readonly #queue = new EngineQueue({
    name: 'speech-to-text',
    concurrency: 1, // a pass uses every thread it was given
    maxWaiting: STT_MAX_WAITING,
    maxWaitMs: STT_MAX_WAIT_MS,
    retryAfterS: 2,
  });

  constructor(options: QueuedRecogniserOptions) {
    this.#options = options;
    this.model = options.model;
    this.maxWindowMs = options.backend.capabilities.maxClipMs;
  }

  get waiting(): number {
    return this.#queue.load;
  }

  async whenReady(timeoutMs?: number): Promise<void> {
    await this.#options.backend.health?.whenReady?.(timeoutMs);
  }

  recognise(request: RecogniseRequest): Promise<Recognition> {
    const { samples, prompt, temperature, signal } = request;
    const { backend, task } = this.#options;
    const language = request.language ?? this.#options.language;
    const options = { language, prompt, temperature, task, signal };
    return this.#queue.run(() => backend.transcribe(samples, STT_SAMPLE_RATE, options), {
      priority: request.priority ?? STT_PRIORITY.clip,
      signal,
    });
  }
}
