import { createWorker } from '../../worker-rpc/create-worker.js';
import { WorkerClient } from '../../worker-rpc/worker-client.js';
import { EngineQueue } from '../../queue/engine-queue.js';
import { fileOf, type EngineHost, type EngineOptions, type ModelFiles } from '../engine-host.js';
import type {
  AnalysedAudio,
  AnalysedClip,
  VoiceActivityEngine,
  VoiceActivityStream,
} from '../voice-activity-engine.js';
import type { SileroWorkerOptions } from './silero-worker.js';

/** Clips decoded at once: a decoded clip holds ten times its file's size for a moment. */
export const CLIPS_AT_ONCE = 2;
/** Clips that may wait to be decoded. */
export const CLIPS_MAX_WAITING = 8;
/** Longest wait of a clip, in ms. */
export const CLIPS_MAX_WAIT_MS = 20_000;

/** Settings of a {@link SileroEngine}. */
export interface SileroEngineOptions extends Omit<EngineOptions, 'threads'> {
  /** Longest clip, in ms. */
  readonly maxClipMs: number;
}

/** Silero's voice activity detector in a worker thread, which also decodes and resamples. */
export class SileroEngine implements VoiceActivityEngine, EngineHost {
  readonly kind = 'vad';
  readonly model: string;
  readonly worker: WorkerClient;
  readonly #clips = new EngineQueue({
    name: 'voice-activity',
    concurrency: CLIPS_AT_ONCE,
    maxWaiting: CLIPS_MAX_WAITING,
    maxWaitMs: CLIPS_MAX_WAIT_MS,
    retryAfterS: 2,
  });

  readonly #maxClipMs: number;

  constructor({ model, maxClipMs, onEvent }: SileroEngineOptions) {
    this.model = model;
    this.#maxClipMs = maxClipMs;
    this.worker = new WorkerClient({ name: 'voice-activity', onEvent });
  }

  async load(files: ModelFiles): Promise<void> {
    const options: SileroWorkerOptions = {
      modelPath: fileOf(files, 'model'),
      maxClipMs: this.#maxClipMs,
    };
    await this.worker.start(() =>
      createWorker(new URL('./silero-worker', import.meta.url), options),
    );
  }

  async openStream(sampleRate: number): Promise<VoiceActivityStream> {
    const { worker } = this;
    const id = (await worker.call('open', sampleRate)) as number;
    return {
      push: async (pcm) =>
        (await worker.call('push', { id, pcm }, { transfer: [pcm.buffer] })) as AnalysedAudio,
      reset: async () => {
        await worker.call('reset', id);
      },
      close: async () => {
        // A worker that died has forgotten the stream already.
        if (worker.state === 'ready') await worker.call('close', id);
      },
    };
  }

  async analyseClip(file: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<AnalysedClip> {
    return this.#clips.run(
      async () =>
        (await this.worker.call('analyseClip', file, {
          transfer: [file.buffer],
          signal,
        })) as AnalysedClip,
      { signal },
    );
  }
}
