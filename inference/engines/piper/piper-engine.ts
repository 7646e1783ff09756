import { EngineQueue } from '../../queue/engine-queue.js';
import { createWorker } from '../../worker-rpc/create-worker.js';
import { WorkerClient } from '../../worker-rpc/worker-client.js';
import { fileOf, type EngineHost, type EngineOptions, type ModelFiles } from '../engine-host.js';
import type { SynthesiseRequest, TextToSpeechEngine, Voice } from '../text-to-speech-engine.js';
import type { PiperSynthesiseArgument, PiperWorkerOptions } from './piper-worker.js';

/** Clauses that may wait: one takes about 0.2 s, and a voice that starts after 5 s is of no use. */
export const TTS_MAX_WAITING = 24;
/** Longest wait of a clause, in ms. */
export const TTS_MAX_WAIT_MS = 15_000;

/** A Piper voice through sherpa-onnx in a worker thread: one clause at a time, so that every caller gets its turn. */
export class PiperEngine implements TextToSpeechEngine, EngineHost {
  readonly kind = 'tts';
  readonly model: string;
  readonly voices: readonly Voice[];
  readonly worker: WorkerClient;
  readonly #queue = new EngineQueue({
    name: 'text-to-speech',
    concurrency: 1,
    maxWaiting: TTS_MAX_WAITING,
    maxWaitMs: TTS_MAX_WAIT_MS,
    retryAfterS: 2,
  });

  readonly #threads: number;

  constructor({ model, threads, onEvent }: EngineOptions) {
    this.model = model;
    this.voices = [voiceOf(model)];
    this.#threads = threads;
    this.worker = new WorkerClient({ name: 'text-to-speech', onEvent });
  }

  async load(files: ModelFiles): Promise<void> {
    const options: PiperWorkerOptions = {
      modelPath: fileOf(files, 'model'),
      tokensPath: fileOf(files, 'tokens'),
      dataDir: fileOf(files, 'dataDir'),
      threads: this.#threads,
    };
    await this.worker.start(() =>
      createWorker(new URL('./piper-worker', import.meta.url), options),
    );
  }

  async synthesise(request: SynthesiseRequest): Promise<Uint8Array> {
    const { text, speed, sampleRate, signal } = request;
    const argument: PiperSynthesiseArgument = { text, speed, sampleRate };
    return this.#queue.run(
      async () => (await this.worker.call('synthesise', argument, { signal })) as Uint8Array,
      { signal },
    );
  }
}

/** Piper's names carry language and voice: `piper-en_US-joe-medium`. */
function voiceOf(model: string): Voice {
  const [, language = 'en_US', name = model] = model.split('-');
  return { id: name, name, language: language.replace('_', '-'), model };
}
