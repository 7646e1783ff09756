import type { Voice } from '../../engines/text-to-speech-engine.js';
import type {
  SherpaSynthesiseArgument,
  SherpaTTSInfo,
  SherpaTTSWorkerOptions,
} from '../../engines/sherpa/sherpa-tts-worker.js';
import { createWorker } from '../../worker-rpc/create-worker.js';
import { trialLoad } from '../../worker-rpc/trial-load.js';
import { WorkerClient } from '../../worker-rpc/worker-client.js';
import type { BackendSettings } from '../backend-registry.js';
import { NotLoadedError } from '../not-loaded-error.js';
import { streamBySentence } from './stream-by-sentence.js';
import type {
  SynthesisResult,
  SynthesizeOptions,
  TTSBackend,
  TTSLoadOptions,
} from './tts-backend.js';

/** What differs between the model families that sherpa-onnx speaks with. */
export interface SherpaTTSFamily {
  readonly name: string;
  /** The part of sherpa-onnx's configuration that names the model's files. */
  config(files: Readonly<Record<string, string>>): object;
  /** The voices of a loaded model. @param speakers - how many it has */
  voices(model: string, speakers: number): readonly Voice[];
}

/** A sherpa-onnx voice in a worker thread. */
export class SherpaTTSBackend implements TTSBackend {
  readonly capabilities = { streaming: true, voiceCloning: false };
  readonly health: WorkerClient;
  readonly #family: SherpaTTSFamily;
  #voices: readonly Voice[] = [];

  constructor(family: SherpaTTSFamily, { onEvent }: BackendSettings) {
    this.#family = family;
    this.health = new WorkerClient({ name: 'text-to-speech', onEvent });
  }

  get name(): string {
    return this.#family.name;
  }

  async load({ model, files, threads, verified }: TTSLoadOptions): Promise<void> {
    const options: SherpaTTSWorkerOptions = { model: this.#family.config(files), threads };
    const entry = new URL('../../engines/sherpa/sherpa-tts-worker', import.meta.url);
    if (verified !== true) await trialLoad(entry, options);
    await this.health.start(() => createWorker(entry, options));
    this.#voices = this.#family.voices(model, this.#info.speakers);
  }

  async synthesize(text: string, options: SynthesizeOptions = {}): Promise<SynthesisResult> {
    const [first] = this.#voices;
    if (first === undefined) throw new NotLoadedError(this.name);
    const wanted = options.voice ?? first.id;
    const speaker = this.#voices.findIndex(({ id }) => id === wanted);
    if (speaker < 0) {
      const known = this.#voices.map(({ id }) => id).join(', ');
      throw new RangeError(`There is no voice ${JSON.stringify(wanted)}; there are ${known}.`);
    }
    const sampleRate = options.sampleRate ?? this.#info.sampleRate;
    const argument: SherpaSynthesiseArgument = {
      text,
      speaker,
      speed: options.speed ?? 1,
      sampleRate,
    };
    const { signal } = options;
    const pcm = (await this.health.call('synthesise', argument, {
      signal,
    })) as Uint8Array<ArrayBuffer>;
    const audio = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 1);
    return { audio, sampleRate, voice: wanted, text, metadata: { chunkIndex: 0, totalChunks: 1 } };
  }

  stream(text: string, options?: SynthesizeOptions): AsyncIterable<SynthesisResult> {
    return streamBySentence(this, text, options);
  }

  getVoices(): readonly Voice[] {
    return this.#voices;
  }

  isLoaded(): boolean {
    return this.health.state === 'ready';
  }

  unload(): Promise<void> {
    return this.health.close();
  }

  get #info(): SherpaTTSInfo {
    return this.health.info as SherpaTTSInfo;
  }
}
