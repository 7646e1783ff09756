import type { ASRProcessor } from '../asr/asr-processor.js';
import type { EngineHost } from './engine-host.js';
import {
  ModelSlot,
  type LoadedModel,
  type ModelChoice,
  type ModelSlotOptions,
} from './model-slot.js';
import type {
  RecogniseRequest,
  Recognition,
  RecogniserLease,
  SpeechToTextEngine,
  StreamSettings,
} from './speech-to-text-engine.js';

/** What is known of a speech-to-text model before it is loaded. */
export interface STTDescription {
  readonly model: string;
  readonly backend: string;
  /** Longest audio of one pass, in ms. */
  readonly maxWindowMs: number;
  readonly stream: StreamSettings;
}

/** A speech-to-text model in memory. */
export interface LoadedSTT extends LoadedModel {
  readonly engine: SpeechToTextEngine;
  /** For one stream, where the model hears audio as it comes. */
  readonly createProcessor?: (language: string | undefined) => ASRProcessor;
}

/** How to get a speech-to-text model. */
export type STTChoice = ModelChoice<LoadedSTT, STTDescription>;

/** The endpoint's recogniser: a slot whose model can be exchanged while streams run. */
export class SpeechToTextSlot implements SpeechToTextEngine, EngineHost {
  readonly kind = 'stt';
  readonly worker: ModelSlot<LoadedSTT, STTDescription>;

  constructor(options: ModelSlotOptions, first: STTChoice) {
    this.worker = new ModelSlot(options, first);
  }

  get model(): string {
    return this.worker.description.model;
  }

  get backend(): string {
    return this.worker.description.backend;
  }

  get maxWindowMs(): number {
    return this.worker.description.maxWindowMs;
  }

  get waiting(): number {
    return this.worker.loaded?.engine.waiting ?? 0;
  }

  recognise(request: RecogniseRequest): Promise<Recognition> {
    return this.worker.use(({ engine }) => engine.recognise(request));
  }

  whenReady(timeoutMs?: number): Promise<void> {
    return this.worker.use(({ engine }) => engine.whenReady(timeoutMs));
  }

  lease(): RecogniserLease {
    const lease = this.worker.lease();
    const { model, maxWindowMs, stream } = lease.description;
    let loaded: LoadedSTT | undefined;
    const get = async (): Promise<LoadedSTT> => (loaded = await lease.get());
    return {
      settings: stream,
      engine: {
        model,
        maxWindowMs,
        get waiting() {
          return loaded?.engine.waiting ?? 0;
        },
        recognise: async (request) => (await get()).engine.recognise(request),
        whenReady: async (timeoutMs) => (await get()).engine.whenReady(timeoutMs),
      },
      createProcessor: async (language) => {
        const processor = (await get()).createProcessor?.(language);
        if (processor === undefined) {
          throw new Error(`the model ${model} gives no processor for streams`);
        }
        return processor;
      },
      release: () => {
        lease.release();
      },
    };
  }
}
