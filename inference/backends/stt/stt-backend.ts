import type { ASRProcessor } from '../../asr/asr-processor.js';
import type { EngineHealth } from '../../engines/engine-host.js';
import type { RecognisedWord } from '../../engines/speech-to-text-engine.js';
import type { BackendDefinition } from '../backend-registry.js';

/** A speech-to-text library behind one interface; see examples/backends/. One object holds one model. */
export interface STTBackend {
  readonly name: string;
  readonly capabilities: STTCapabilities;
  /** Loads a model; resolves when it is warm. @throws Error that says what is wrong with the files */
  load(options: STTLoadOptions): Promise<void>;
  /**
   * Recognises a whole clip.
   *
   * @param audio - mono float samples, −1…1, at most `capabilities.maxClipMs` long; not usable afterwards
   * @param sampleRate - in Hz; the endpoint gives 16000, whatever its clients send
   * @throws NotLoadedError before load, RangeError for a rate that the backend does not hear, Error when recognition fails
   */
  transcribe(
    audio: Float32Array<ArrayBuffer>,
    sampleRate: number,
    options?: TranscribeOptions,
  ): Promise<TranscriptionResult>;
  /** A recogniser for one stream, where the model hears audio as it comes. Without it passes over a buffer are made. */
  createProcessor?(options?: TranscribeOptions): ASRProcessor;
  /** BCP 47 tags, or `auto` where the model finds the language itself. */
  getLanguages(): readonly string[];
  isLoaded(): boolean;
  /** Frees the model. Safe to call twice. */
  unload(): Promise<void>;
  /** State of the thread or process that runs the model, where there is one. */
  readonly health?: EngineHealth;
}

/** What an {@link STTBackend} can do. */
export interface STTCapabilities {
  /** Hears audio as it comes: has `createProcessor`. */
  readonly streaming: boolean;
  readonly wordTimes: boolean;
  readonly prompt: boolean;
  readonly translate: boolean;
  /** Longest audio of one call, in ms. */
  readonly maxClipMs: number;
}

/** What an {@link STTBackend} loads. */
export interface STTLoadOptions {
  /** Name of the model, e.g. `whisper-tiny.en`. */
  readonly model: string;
  /** The model's files, by what the backend asks for. */
  readonly files: Readonly<Record<string, string>>;
  readonly threads: number;
  /** The files are known by their checksums. Others are tried in a process of their own first. */
  readonly verified?: boolean | undefined;
  /** Fields of `/load_model` that the endpoint does not know itself. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/** What a transcription may be told. */
export interface TranscribeOptions {
  /** BCP 47 tag; found by the model where it can when it is missing or `auto`. */
  readonly language?: string | undefined;
  readonly task?: 'transcribe' | 'translate' | undefined;
  /** Text that came before, to steer spelling and style. */
  readonly prompt?: string | undefined;
  /** 0 (most probable words) … 1. */
  readonly temperature?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A piece of a transcription; times in ms from the start of the audio. */
export interface TranscriptionSegment {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0…1, where the model knows. */
  readonly confidence?: number | undefined;
}

/** What was said in a clip. */
export interface TranscriptionResult {
  /** Empty when nothing was said. */
  readonly text: string;
  readonly segments: readonly TranscriptionSegment[];
  /** Empty where the model has no word times. */
  readonly words: readonly RecognisedWord[];
  /** BCP 47 tag. */
  readonly language: string;
  readonly durationMs: number;
}

/** Registered with `registerSTTBackend`. */
export interface STTBackendDefinition extends BackendDefinition<STTBackend> {
  /** Whether the model hears audio as it comes; without it none does. */
  streams?(files: Readonly<Record<string, string>>): boolean;
}
