import { workerData } from 'node:worker_threads';
import sherpa, { type OnlineStream } from 'sherpa-onnx-node';
import { cleanTranscript } from '../../text/clean-transcript.js';
import type { EngineWorkerData } from '../../worker-rpc/create-worker.js';
import { serveWorker, type ServedEngine } from '../../worker-rpc/serve-worker.js';
import type { Recognition } from '../speech-to-text-engine.js';
import { modelConfigOf, type SherpaSTTModel } from './stt-layouts.js';
import { tokensToWords } from './tokens-to-words.js';

/** Settings of the sherpa-onnx recogniser's worker. */
export interface SherpaSTTWorkerOptions {
  readonly model: SherpaSTTModel;
  readonly threads: number;
  /** `cpu`, or `cuda` where sherpa-onnx was built with it. */
  readonly provider: string;
  /** Empty: the model finds it. */
  readonly language: string;
}

/** What a streaming model has heard of a stream so far. */
export interface HeardSoFar extends Recognition {
  /** The model's own endpointing found the end of a sentence. */
  readonly endpoint: boolean;
}

const RATE = 16_000;
/** Silence after the last sample of a stream, so that the model gives its last word (0.5 s). */
const TAIL_SAMPLES = RATE / 2;

const { options } = workerData as EngineWorkerData<SherpaSTTWorkerOptions>;

const config = {
  featConfig: { sampleRate: RATE, featureDim: 80 },
  modelConfig: {
    ...modelConfigOf(options.model, options.language),
    numThreads: options.threads,
    provider: options.provider,
    debug: 0,
  },
  decodingMethod: 'greedy_search',
};

await serveWorker(() =>
  options.model.kind === 'zipformer-streaming' ? streamingEngine() : clipEngine(),
);

async function clipEngine(): Promise<ServedEngine> {
  const recognizer = await sherpa.OfflineRecognizer.createAsync(config);
  const recognise = async (samples: Float32Array): Promise<Recognition> => {
    const stream = recognizer.createStream();
    stream.acceptWaveform({ samples, sampleRate: RATE });
    const { text, tokens, timestamps, lang } = await recognizer.decodeAsync(stream);
    return toRecognition(text, tokens, timestamps, samples.length, lang);
  };
  await recognise(new Float32Array(RATE)); // allocates: better before anybody waits
  return {
    info: {},
    methods: {
      recognise: async ({ samples }: { samples: Float32Array }) => ({
        value: await recognise(samples),
        transfer: [],
      }),
    },
    dispose: () => undefined, // freed with the thread
  };
}

function streamingEngine(): Promise<ServedEngine> {
  const recognizer = new sherpa.OnlineRecognizer({ ...config, enableEndpoint: 1 });
  const streams = new Map<number, { stream: OnlineStream; samples: number }>();
  let nextStream = 1;

  const hear = (id: number, samples: Float32Array): HeardSoFar => {
    const open = streams.get(id);
    if (open === undefined) throw new Error(`there is no open stream ${id}`);
    open.stream.acceptWaveform({ samples, sampleRate: RATE });
    open.samples += samples.length;
    while (recognizer.isReady(open.stream)) recognizer.decode(open.stream);
    const { text, tokens, timestamps } = recognizer.getResult(open.stream);
    const heard = toRecognition(text, tokens, timestamps, open.samples, '');
    return { ...heard, endpoint: recognizer.isEndpoint(open.stream) };
  };
  const open = (): number => {
    const id = nextStream++;
    streams.set(id, { stream: recognizer.createStream(), samples: 0 });
    return id;
  };
  const whole = (samples: Float32Array): Recognition => {
    const id = open();
    try {
      hear(id, samples);
      return hear(id, new Float32Array(TAIL_SAMPLES));
    } finally {
      streams.delete(id);
    }
  };
  whole(new Float32Array(RATE));
  return Promise.resolve({
    info: {},
    methods: {
      recognise: ({ samples }: { samples: Float32Array }) => ({
        value: whole(samples),
        transfer: [],
      }),
      open: () => ({ value: open(), transfer: [] }),
      hear: ({ id, samples }: { id: number; samples: Float32Array }) => ({
        value: hear(id, samples),
        transfer: [],
      }),
      finish: (id: number) => {
        const value = hear(id, new Float32Array(TAIL_SAMPLES));
        streams.delete(id);
        return { value, transfer: [] };
      },
      close: (id: number) => {
        streams.delete(id);
        return { value: undefined, transfer: [] };
      },
    },
    dispose: () => {
      streams.clear();
    },
  });
}

function toRecognition(
  text: string,
  tokens: readonly string[],
  timestamps: readonly number[],
  samples: number,
  language: string | undefined,
): Recognition {
  const cleaned = cleanTranscript(text);
  const endMs = (samples / RATE) * 1000;
  return {
    text: cleaned,
    words: cleaned === '' ? [] : tokensToWords(tokens, timestamps, endMs),
    language: language === undefined || language === '' ? options.language || 'en' : language,
  };
}
