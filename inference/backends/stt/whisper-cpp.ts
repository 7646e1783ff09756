import { join } from 'node:path';
import { fileOf } from '../../engines/engine-host.js';
import type { Recognition } from '../../engines/speech-to-text-engine.js';
import { WHISPER_MAX_WINDOW_MS } from '../../engines/whisper/whisper-window.js';
import type {
  WhisperRecogniseArgument,
  WhisperWorkerOptions,
} from '../../engines/whisper/whisper-worker.js';
import { createWorker } from '../../worker-rpc/create-worker.js';
import { trialLoad } from '../../worker-rpc/trial-load.js';
import { WorkerClient } from '../../worker-rpc/worker-client.js';
import type { BackendSettings } from '../backend-registry.js';
import { NotLoadedError } from '../not-loaded-error.js';
import { packageMissing } from '../package-missing.js';
import { STT_SAMPLE_RATE, checkRate } from './check-rate.js';
import type {
  STTBackend,
  STTBackendDefinition,
  STTLoadOptions,
  TranscribeOptions,
  TranscriptionResult,
} from './stt-backend.js';
import { toTranscription } from './to-transcription.js';

const NAME = 'whisper-cpp';

/** whisper.cpp in a worker thread. */
class WhisperCppBackend implements STTBackend {
  readonly name = NAME;
  readonly capabilities = {
    streaming: false,
    wordTimes: true,
    prompt: true,
    translate: true,
    maxClipMs: WHISPER_MAX_WINDOW_MS,
  };
  readonly health: WorkerClient;

  constructor({ onEvent }: BackendSettings) {
    this.health = new WorkerClient({ name: 'speech-to-text', onEvent });
  }

  async load({ files, threads, verified }: STTLoadOptions): Promise<void> {
    const options: WhisperWorkerOptions = { modelPath: fileOf(files, 'model'), threads };
    const entry = new URL('../../engines/whisper/whisper-worker', import.meta.url);
    if (verified !== true) await trialLoad(entry, options);
    await this.health.start(() => createWorker(entry, options));
  }

  async transcribe(
    samples: Float32Array<ArrayBuffer>,
    sampleRate: number,
    { language, prompt, temperature, task }: TranscribeOptions = {},
  ): Promise<TranscriptionResult> {
    if (this.health.state === 'loading') throw new NotLoadedError(NAME);
    checkRate(NAME, sampleRate);
    const durationMs = (samples.length / STT_SAMPLE_RATE) * 1000;
    const argument: WhisperRecogniseArgument = { samples, language, prompt, temperature, task };
    // No signal: full() cannot be stopped, and the next pass must not start beside it.
    const heard = (await this.health.call('recognise', argument, {
      transfer: [samples.buffer],
    })) as Recognition;
    return toTranscription(heard, durationMs);
  }

  getLanguages(): readonly string[] {
    const { languages } = (this.health.info ?? {}) as { languages?: readonly string[] };
    return languages ?? ['auto'];
  }

  isLoaded(): boolean {
    return this.health.state === 'ready';
  }

  unload(): Promise<void> {
    return this.health.close();
  }
}

/** whisper.cpp with ggml models. Has no build for linux-arm64: there a Whisper model in ONNX form takes its place. */
export const whisperCpp: STTBackendDefinition = {
  name: NAME,
  title: 'whisper.cpp (@napi-rs/whisper)',
  missing: () =>
    packageMissing([
      `@napi-rs/whisper-${process.platform}-${process.arch}-gnu`,
      `@napi-rs/whisper-${process.platform}-${process.arch}`,
    ]),
  expects: 'one ggml-*.bin',
  filesIn: (folder, names) => {
    const models = names.filter((name) => /^ggml-.*\.bin$/.test(name));
    const [model] = models;
    return model === undefined || models.length > 1 ? undefined : { model: join(folder, model) };
  },
  create: (settings) => new WhisperCppBackend(settings),
};
