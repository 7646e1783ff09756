import type { LoadedASR } from '../asr/model-loader.js';
import { EngineQueue } from '../queue/engine-queue.js';
import { STT_MAX_WAITING, STT_MAX_WAIT_MS } from './queued-recogniser.js';
import type { RecogniseRequest, Recognition, SpeechToTextEngine } from './speech-to-text-engine.js';
import { STT_PRIORITY } from './stt-priority.js';

/** A processor for streams as a recogniser of whole clips: the clip is its stream. Words have no times of their own then. */
export class ProcessorRecogniser implements SpeechToTextEngine {
  readonly #loaded: LoadedASR;
  readonly #queue = new EngineQueue({
    name: 'speech-to-text',
    concurrency: 1,
    maxWaiting: STT_MAX_WAITING,
    maxWaitMs: STT_MAX_WAIT_MS,
    retryAfterS: 2,
  });

  /** @param maxWindowMs - longest clip of one call */
  constructor(
    readonly model: string,
    loaded: LoadedASR,
    readonly maxWindowMs: number,
  ) {
    this.#loaded = loaded;
  }

  get waiting(): number {
    return this.#queue.load;
  }

  whenReady(): Promise<void> {
    return Promise.resolve();
  }

  recognise({ samples, language, priority, signal }: RecogniseRequest): Promise<Recognition> {
    return this.#queue.run(
      async () => {
        const processor = this.#loaded.createProcessor();
        try {
          processor.init(0);
          processor.insertAudioChunk(samples);
          const parts = [await processor.processIter(), await processor.finish()];
          const texts = parts.map((part) => part?.text.trim() ?? '').filter((text) => text !== '');
          return {
            text: texts.join(this.#loaded.metadata.separator).trim(),
            words: [],
            language: language ?? languageOf(this.#loaded.metadata.language),
          };
        } finally {
          await processor.close?.();
        }
      },
      { priority: priority ?? STT_PRIORITY.clip, signal },
    );
  }
}

function languageOf(language: unknown): string {
  return typeof language === 'string' && language !== 'auto' ? language : 'en';
}
