import { setImmediate as nextTurn } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import sherpa from 'sherpa-onnx-node';
import { concatSamples } from '../../audio/concat.js';
import { decodeWav } from '../../audio/decode-wav.js';
import { pcmToFloat } from '../../audio/pcm.js';
import type { EngineWorkerData } from '../../worker-rpc/create-worker.js';
import { InputError } from '../../worker-rpc/input-error.js';
import {
  serveWorker,
  type MethodContext,
  type ServedEngine,
} from '../../worker-rpc/serve-worker.js';
import { SpeechDetector, VAD_SAMPLE_RATE } from './speech-detector.js';

/** Settings of the voice activity worker. */
export interface SileroWorkerOptions {
  /** Path of silero_vad.onnx. */
  readonly modelPath: string;
  /** Longest clip, in ms. */
  readonly maxClipMs: number;
}

/** Samples that are worked on before other streams get their turn (1 s: about 4 ms of work). */
const SLICE_SAMPLES = 16_000;

const { options } = workerData as EngineWorkerData<SileroWorkerOptions>;

interface OpenStream {
  readonly detector: SpeechDetector;
  readonly resampler: InstanceType<typeof sherpa.LinearResampler> | undefined;
}

await serveWorker((): Promise<ServedEngine> => {
  const streams = new Map<number, OpenStream>();
  let nextStream = 1;

  const find = (id: number): OpenStream => {
    const stream = streams.get(id);
    if (stream === undefined) throw new Error(`there is no open stream ${id}`);
    return stream;
  };
  const resamplerFor = (rate: number): OpenStream['resampler'] =>
    rate === VAD_SAMPLE_RATE ? undefined : new sherpa.LinearResampler(rate, VAD_SAMPLE_RATE);

  const analyseClip = async (file: Uint8Array<ArrayBuffer>, signal: AbortSignal) => {
    const decoded = decodeWav(file);
    const durationMs = Math.round((decoded.samples.length / decoded.sampleRate) * 1000);
    if (durationMs > options.maxClipMs) {
      throw new InputError(
        `The clip lasts ${Math.round(durationMs / 1000)} s; at most ${options.maxClipMs / 1000} s are transcribed in one request. Cut it, or use the stream /v1/stream.`,
      );
    }
    const resampler = resamplerFor(decoded.sampleRate);
    const detector = new SpeechDetector(options.modelPath);
    const samples: Float32Array[] = [];
    const flags: Uint8Array[] = [];
    for (let at = 0; at < decoded.samples.length; at += SLICE_SAMPLES) {
      const slice = decoded.samples.subarray(at, at + SLICE_SAMPLES);
      const last = at + SLICE_SAMPLES >= decoded.samples.length;
      // Copied because the binding wants arrays that own their whole buffer.
      const copy = slice.slice();
      const block = resampler ? (last ? resampler.flush(copy) : resampler.resample(copy)) : copy;
      samples.push(block);
      flags.push(detector.push(block));
      await nextTurn();
      signal.throwIfAborted();
    }
    const joined = concatSamples(samples);
    const speech = Uint8Array.from(flags.flatMap((part) => [...part]));
    return {
      value: { samples: joined, speech, durationMs },
      transfer: [joined.buffer],
    };
  };

  // Opens the model once before ready: a wrong file is reported at start, not by the first caller.
  new SpeechDetector(options.modelPath).push(new Float32Array(VAD_SAMPLE_RATE));

  return Promise.resolve({
    info: {},
    methods: {
      open: (sampleRate: number) => {
        const id = nextStream++;
        streams.set(id, {
          detector: new SpeechDetector(options.modelPath),
          resampler: resamplerFor(sampleRate),
        });
        return { value: id, transfer: [] };
      },
      push: ({ id, pcm }: { id: number; pcm: Uint8Array }) => {
        const { detector, resampler } = find(id);
        const given = pcmToFloat(pcm);
        const samples = resampler ? resampler.resample(given).slice() : given;
        const speech = detector.push(samples);
        return { value: { samples, speech }, transfer: [samples.buffer] };
      },
      reset: (id: number) => {
        find(id).detector.reset();
        return { value: undefined, transfer: [] };
      },
      close: (id: number) => {
        streams.delete(id);
        return { value: undefined, transfer: [] };
      },
      analyseClip: (file: Uint8Array<ArrayBuffer>, { signal }: MethodContext) =>
        analyseClip(file, signal),
    },
    dispose: () => {
      streams.clear();
    },
  });
});
