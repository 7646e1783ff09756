import { workerData } from 'node:worker_threads';
import sherpa from 'sherpa-onnx-node';
import { floatToPcm } from '../../audio/pcm.js';
import type { EngineWorkerData } from '../../worker-rpc/create-worker.js';
import {
  serveWorker,
  type MethodContext,
  type ServedEngine,
} from '../../worker-rpc/serve-worker.js';

/** Settings of the sherpa-onnx voice's worker. */
export interface SherpaTTSWorkerOptions {
  /** The part of sherpa-onnx's configuration that names the model's files. */
  readonly model: object;
  readonly threads: number;
}

/** Argument of `synthesise`. */
export interface SherpaSynthesiseArgument {
  readonly text: string;
  /** Number of the voice, from 0. */
  readonly speaker: number;
  readonly speed: number;
  readonly sampleRate: number;
}

/** What the worker says about a loaded voice. */
export interface SherpaTTSInfo {
  /** The model's own, in Hz. */
  readonly sampleRate: number;
  readonly speakers: number;
}

const { options } = workerData as EngineWorkerData<SherpaTTSWorkerOptions>;

await serveWorker(async (): Promise<ServedEngine> => {
  const tts = await sherpa.OfflineTts.createAsync({
    model: { ...options.model, numThreads: options.threads, provider: 'cpu' },
    maxNumSentences: 1,
  });

  const synthesise = async (
    { text, speaker, speed, sampleRate }: SherpaSynthesiseArgument,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> => {
    const audio = await tts.generateAsync({
      text,
      sid: speaker,
      speed,
      enableExternalBuffer: false,
      onProgress: () => (signal.aborted ? 0 : 1),
    });
    if (audio.sampleRate === sampleRate) return floatToPcm(audio.samples);
    const resampler = new sherpa.LinearResampler(audio.sampleRate, sampleRate);
    return floatToPcm(resampler.flush(audio.samples));
  };

  // The first sentence loads the phonemizer and sizes the buffers: better before anybody waits.
  await synthesise(
    { text: 'Ready.', speaker: 0, speed: 1, sampleRate: tts.sampleRate },
    new AbortController().signal,
  );
  const info: SherpaTTSInfo = { sampleRate: tts.sampleRate, speakers: tts.numSpeakers };
  return {
    info,
    methods: {
      synthesise: async (argument: SherpaSynthesiseArgument, { signal }: MethodContext) => {
        const pcm = await synthesise(argument, signal);
        return { value: pcm, transfer: [pcm.buffer] };
      },
    },
    dispose: () => undefined, // freed with the thread
  };
});
