import type { EngineHealth } from '../../engines/engine-host.js';
import type { Voice } from '../../engines/text-to-speech-engine.js';
import type { BackendDefinition } from '../backend-registry.js';

/** A text-to-speech library behind one interface; see examples/backends/. One object holds one model. */
export interface TTSBackend {
  readonly name: string;
  readonly capabilities: TTSCapabilities;
  /** Loads a model; resolves when it is warm. @throws Error that says what is wrong with the files */
  load(options: TTSLoadOptions): Promise<void>;
  /**
   * Speaks a text in one go.
   *
   * @throws NotLoadedError before load, Error for a voice that is not there or when it fails, or the signal's reason
   */
  synthesize(text: string, options?: SynthesizeOptions): Promise<SynthesisResult>;
  /** Speaks sentence by sentence; `streamBySentence` does it for any backend. */
  stream(text: string, options?: SynthesizeOptions): AsyncIterable<SynthesisResult>;
  /** Empty before load. */
  getVoices(): readonly Voice[];
  isLoaded(): boolean;
  /** Frees the model. Safe to call twice. */
  unload(): Promise<void>;
  /** State of the thread or process that runs the model, where there is one. */
  readonly health?: EngineHealth;
}

/** What a {@link TTSBackend} can do. */
export interface TTSCapabilities {
  /** Audio comes before the whole text is spoken. */
  readonly streaming: boolean;
  readonly voiceCloning: boolean;
}

/** What a {@link TTSBackend} loads. */
export interface TTSLoadOptions {
  /** Name of the model, e.g. `piper-en_US-joe-medium`. */
  readonly model: string;
  /** The model's files, by what the backend asks for. */
  readonly files: Readonly<Record<string, string>>;
  readonly threads: number;
  /** The files are known by their checksums. Others are tried in a process of their own first. */
  readonly verified?: boolean | undefined;
}

/** How a text is spoken. */
export interface SynthesizeOptions {
  /** Id of a voice; the first one where it is missing. */
  readonly voice?: string | undefined;
  /** BCP 47 tag, for models of several languages. */
  readonly language?: string | undefined;
  /** 1 is the voice's own pace. */
  readonly speed?: number | undefined;
  /** Of the answer, in Hz; the model's own where it is missing. */
  readonly sampleRate?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Spoken text. */
export interface SynthesisResult {
  /** Mono samples. */
  readonly audio: Int16Array<ArrayBuffer>;
  /** In Hz. */
  readonly sampleRate: number;
  readonly voice: string;
  readonly text: string;
  readonly metadata: SynthesisMetadata;
}

/** Which part of a streamed text this is; a backend may add fields. */
export interface SynthesisMetadata {
  readonly chunkIndex: number;
  readonly totalChunks: number;
  readonly [name: string]: unknown;
}

/** Registered with `registerTTSBackend`. */
export type TTSBackendDefinition = BackendDefinition<TTSBackend>;
