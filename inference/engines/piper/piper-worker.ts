import { workerData } from 'node:worker_threads';
import sherpa from 'sherpa-onnx-node';
import { floatToPcm } from '../../audio/pcm.js';
import type { EngineWorkerData } from '../../worker-rpc/create-worker.js';
import {
  serveWorker,
  type MethodContext,
  type ServedEngine,
} from '../../worker-rpc/serve-worker.js';

/** Settings of the Piper worker. */
export interface PiperWorkerOptions {
  readonly modelPath: string;
  readonly tokensPath: string;
  /** The folder espeak-ng-data. */
  readonly dataDir: string;
  readonly threads: number;
}

/** Argument of `synthesise`. */
export interface PiperSynthesiseArgument {
  readonly text: string;
  readonly speed: number;
  readonly sampleRate: number;
}

const { options } = workerData as EngineWorkerData<PiperWorkerOptions>;

await serveWorker(async (): Promise<ServedEngine> => {
  const tts = await sherpa.OfflineTts.createAsync({
    model: {
      vits: {
        model: options.modelPath,
        tokens: options.tokensPath,
        dataDir: options.dataDir,
      },
      numThreads: options.threads,
      provider: 'cpu',
    },
    maxNumSentences: 1,
  });

  const synthesise = async (
    { text, speed, sampleRate }: PiperSynthesiseArgument,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> => {
    const audio = await tts.generateAsync({
      text,
      sid: 0,
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
    { text: 'Ready.', speed: 1, sampleRate: tts.sampleRate },
    new AbortController().signal,
  );
  return {
    info: { sampleRate: tts.sampleRate },
    methods: {
      synthesise: async (argument: PiperSynthesiseArgument, { signal }: MethodContext) => {
        const pcm = await synthesise(argument, signal);
        return { value: pcm, transfer: [pcm.buffer] };
      },
    },
    dispose: () => undefined, // freed with the thread
  };
});
