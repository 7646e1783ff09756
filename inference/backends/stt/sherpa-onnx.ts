import { SherpaStreamingProcessor } from '../../engines/sherpa/streaming-processor.js';
import type { SherpaSTTWorkerOptions } from '../../engines/sherpa/sherpa-stt-worker.js';
import {
  SHERPA_STT_EXPECTS,
  findSTTModel,
  type SherpaSTTKind,
} from '../../engines/sherpa/stt-layouts.js';
import type { Recognition } from '../../engines/speech-to-text-engine.js';
import { createWorker } from '../../worker-rpc/create-worker.js';
import { trialLoad } from '../../worker-rpc/trial-load.js';
import { WorkerClient } from '../../worker-rpc/worker-client.js';
import type { BackendSettings } from '../backend-registry.js';
import { NotLoadedError } from '../not-loaded-error.js';
import { packageMissing } from '../package-missing.js';
import { sherpaPlatformPackage } from '../sherpa-platform-package.js';
import { checkRate, STT_SAMPLE_RATE } from './check-rate.js';
import type {
  STTBackend,
  STTBackendDefinition,
  STTCapabilities,
  STTLoadOptions,
  TranscriptionResult,
} from './stt-backend.js';
import { toTranscription } from './to-transcription.js';

const NAME = 'sherpa-onnx';
/** Whisper's encoder takes 30 s; the others would take more, at the price of memory that grows with it. */
const MAX_CLIP_MS = 29_000;
/** Where sherpa-onnx may compute; all but `cpu` need a build of it that has them. */
const PROVIDERS = ['cpu', 'cuda', 'coreml'] as const;

/** sherpa-onnx in a worker thread: models for whole clips, and streaming transducers. */
class SherpaOnnxBackend implements STTBackend {
  readonly name = NAME;
  readonly health: WorkerClient;
  #kind: SherpaSTTKind | undefined;
  #language = '';

  constructor({ onEvent }: BackendSettings) {
    this.health = new WorkerClient({ name: 'speech-to-text', onEvent });
  }

  get capabilities(): STTCapabilities {
    return {
      streaming: this.#kind === 'zipformer-streaming',
      wordTimes: this.#kind !== 'whisper' && this.#kind !== 'moonshine',
      prompt: false,
      translate: false,
      maxClipMs: MAX_CLIP_MS,
    };
  }

  async load({ files, threads, verified, extra }: STTLoadOptions): Promise<void> {
    const { kind, ...paths } = files;
    if (!isKind(kind)) throw new Error(`sherpa-onnx knows no model of the kind ${String(kind)}.`);
    this.#kind = kind;
    this.#language = typeof extra?.lan === 'string' && extra.lan !== 'auto' ? extra.lan : '';
    const options: SherpaSTTWorkerOptions = {
      model: { kind, files: paths },
      threads,
      provider: providerOf(extra?.provider),
      language: this.#language,
    };
    const entry = new URL('../../engines/sherpa/sherpa-stt-worker', import.meta.url);
    if (verified !== true) await trialLoad(entry, options);
    await this.health.start(() => createWorker(entry, options));
  }

  async transcribe(
    samples: Float32Array<ArrayBuffer>,
    sampleRate: number,
  ): Promise<TranscriptionResult> {
    if (this.#kind === undefined) throw new NotLoadedError(NAME);
    checkRate(NAME, sampleRate);
    const durationMs = (samples.length / STT_SAMPLE_RATE) * 1000;
    const heard = (await this.health.call(
      'recognise',
      { samples },
      { transfer: [samples.buffer] },
    )) as Recognition;
    return toTranscription(heard, durationMs);
  }

  createProcessor(): SherpaStreamingProcessor {
    if (this.#kind !== 'zipformer-streaming') throw new NotLoadedError(`${NAME} (streaming)`);
    return new SherpaStreamingProcessor(this.health);
  }

  getLanguages(): readonly string[] {
    return [this.#language === '' ? 'auto' : this.#language];
  }

  isLoaded(): boolean {
    return this.health.state === 'ready';
  }

  unload(): Promise<void> {
    return this.health.close();
  }
}

function isKind(kind: string | undefined): kind is SherpaSTTKind {
  return kind !== undefined;
}

function providerOf(wanted: unknown): string {
  if (wanted === undefined) return 'cpu';
  const found = PROVIDERS.find((provider) => provider === wanted);
  if (found !== undefined) return found;
  throw new Error(`provider is ${JSON.stringify(wanted)}; there are ${PROVIDERS.join(', ')}.`);
}

/** sherpa-onnx: Whisper, Moonshine, Parakeet and other transducers from a model folder; streaming Zipformer without passes. */
export const sherpaOnnxSTT: STTBackendDefinition = {
  name: NAME,
  title: 'sherpa-onnx (Whisper, Moonshine, Parakeet, Zipformer in ONNX form)',
  missing: () => packageMissing([sherpaPlatformPackage()]),
  expects: SHERPA_STT_EXPECTS,
  filesIn: (folder, names) => {
    const model = findSTTModel(folder, names);
    return model && { kind: model.kind, ...model.files };
  },
  streams: (files) => files.kind === 'zipformer-streaming',
  create: (settings) => new SherpaOnnxBackend(settings),
};
