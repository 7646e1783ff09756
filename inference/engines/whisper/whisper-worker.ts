import { setImmediate as nextTurn } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import {
  Whisper,
  WhisperFullParams,
  WhisperSamplingStrategy,
  type Segment,
} from '@napi-rs/whisper';
import type { EngineWorkerData } from '../../worker-rpc/create-worker.js';
import { serveWorker, type ServedEngine } from '../../worker-rpc/serve-worker.js';
import { cleanTranscript } from '../../text/clean-transcript.js';
import type { Recognition, RecognisedWord } from '../speech-to-text-engine.js';
import { FreeCores, SAMPLE_EVERY_MS, threadsFor } from './free-cores.js';
import { SAMPLE_RATE, audioContextFor, maxTokensFor, padded } from './whisper-window.js';

/** Settings of the whisper worker. */
export interface WhisperWorkerOptions {
  /** Path of a ggml model file. */
  readonly modelPath: string;
  /** At most; fewer while others use the cores. */
  readonly threads: number;
}

/** Argument of `recognise`. */
export interface WhisperRecogniseArgument {
  readonly samples: Float32Array<ArrayBuffer>;
  readonly language: string | undefined;
  readonly prompt: string | undefined;
  readonly temperature: number | undefined;
  readonly task: 'transcribe' | 'translate' | undefined;
}

/** The binding hands segments over through the event loop: turns to wait for the last of them. */
const MAX_SEGMENT_TURNS = 50;

const { options } = workerData as EngineWorkerData<WhisperWorkerOptions>;

await serveWorker(async (): Promise<ServedEngine> => {
  // Never setupLogger here: its callback waits for the event loop that full() blocks, and both stop for good.
  const whisper = new Whisper(options.modelPath, { useGpu: false, flashAttn: true }); // 75 MB less
  const english = whisper.isMultilingual === 0;
  const cores = new FreeCores();
  const sampling = setInterval(() => {
    cores.sample();
  }, SAMPLE_EVERY_MS);

  const recognise = async (request: WhisperRecogniseArgument): Promise<Recognition> => {
    const samples = padded(request.samples);
    const language = english ? 'en' : (languageOf(request.language) ?? 'auto');
    const params = new WhisperFullParams(WhisperSamplingStrategy.Greedy);
    cores.sample();
    params.nThreads = threadsFor(cores.free, options.threads);
    params.language = language;
    params.noContext = true;
    params.printProgress = false;
    params.printTimestamps = false;
    params.printRealtime = false;
    params.suppressBlank = true;
    params.suppressNonSpeechTokens = true;
    params.audioCtx = audioContextFor(samples.length);
    params.maxTokens = maxTokensFor(samples.length);
    // One segment a word: the only way to word times that the binding offers.
    params.tokenTimestamps = true;
    params.maxLen = 1;
    params.splitOnWord = true;
    if (request.temperature !== undefined) params.temperature = request.temperature;
    if (request.task === 'translate' && !english) params.translate = true;
    if (request.prompt) params.initialPrompt = request.prompt;
    const segments: Segment[] = [];
    params.onNewSegment = (segment) => segments.push(segment);
    const text = whisper.full(params, samples);
    cores.restart();
    for (let turn = 0; turn < MAX_SEGMENT_TURNS && !complete(segments, text); turn += 1) {
      await nextTurn();
    }
    const cleaned = cleanTranscript(text);
    return {
      text: cleaned,
      words: cleaned === '' ? [] : toWords(segments, request.samples.length),
      language: english ? 'en' : (Whisper.lang(whisper.fullLangId) ?? language),
    };
  };

  // The first pass allocates: better before anybody waits.
  const silence = new Float32Array(SAMPLE_RATE);
  await recognise({
    samples: silence,
    language: 'en',
    prompt: undefined,
    temperature: undefined,
    task: undefined,
  });
  return {
    info: { languages: english ? ['en'] : undefined },
    methods: {
      recognise: async (argument: WhisperRecogniseArgument) => ({
        value: await recognise(argument),
        transfer: [],
      }),
    },
    dispose: () => {
      clearInterval(sampling); // the model is freed with the thread
    },
  };
});

/** The part of a tag that Whisper knows: `de` of `de-AT`. */
function languageOf(tag: string | undefined): string | undefined {
  return tag?.split('-')[0]?.toLowerCase();
}

function complete(segments: readonly Segment[], text: string): boolean {
  const letters = (value: string): number => value.replaceAll(/\s/g, '').length;
  return segments.reduce((sum, segment) => sum + letters(segment.text), 0) >= letters(text);
}

/** Segments are counted in units of 10 ms. */
function toWords(segments: readonly Segment[], sampleCount: number): RecognisedWord[] {
  const limitMs = Math.round((sampleCount / SAMPLE_RATE) * 1000);
  const inside = (units: number): number => Math.max(0, Math.min(units * 10, limitMs));
  return segments
    .map(({ text, start, end }) => ({
      text: cleanTranscript(text),
      startMs: inside(start),
      endMs: Math.max(inside(start), inside(end)),
    }))
    .filter((word) => word.text !== '');
}
