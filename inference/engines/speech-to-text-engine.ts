import type { ASRProcessor } from '../asr/asr-processor.js';
import type { BufferTrimming } from '../asr/local-agreement.js';

/** One recognised word; times in ms from the start of the samples that were given. */
export interface RecognisedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What a recogniser is asked. */
export interface RecogniseRequest {
  /** Mono float samples at 16 kHz, −1…1, at most {@link SpeechToTextEngine.maxWindowMs}. Moved to the engine: not usable afterwards. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** BCP 47 tag; a model of one language ignores it. */
  readonly language?: string | undefined;
  /** Text that came before, to steer spelling and style. */
  readonly prompt?: string | undefined;
  /** 0 (most probable words) … 1. */
  readonly temperature?: number | undefined;
  /** Who goes first when several wait; see stt-priority.ts. */
  readonly priority?: number | undefined;
  /** Gives up waiting; a pass that already runs is finished and thrown away. */
  readonly signal?: AbortSignal | undefined;
}

/** What a recogniser answers. */
export interface Recognition {
  /** Empty when nothing was said. */
  readonly text: string;
  readonly words: readonly RecognisedWord[];
  /** BCP 47 tag. */
  readonly language: string;
}

/** How a model's streams are recognised. */
export interface StreamSettings {
  /** The model hears audio as it comes: no passes over a buffer are made. */
  readonly ownProcessor: boolean;
  /** Put between the texts that a processor gives. */
  readonly separator: string;
  /** Where the stream's client names no language. */
  readonly language?: string | undefined;
  /** New audio before the next pass, in ms. */
  readonly minChunkMs?: number | undefined;
  readonly trimming?: BufferTrimming | undefined;
  /** Audio length above which a long utterance is cut, in ms. */
  readonly trimmingMs?: number | undefined;
}

/** One stream's hold on the model that it began with. */
export interface RecogniserLease {
  readonly settings: StreamSettings;
  /** Passes over windows of audio. */
  readonly engine: SpeechToTextEngine;
  /** A recogniser for the stream. @throws Error where the model has none */
  createProcessor(language: string | undefined): Promise<ASRProcessor>;
  release(): void;
}

/** Recognises speech, one window at a time. */
export interface SpeechToTextEngine {
  /** Name of the loaded model. */
  readonly model: string;
  /** Longest audio one call takes, in ms. */
  readonly maxWindowMs: number;
  /** Calls that wait or run: above 0, a pass that is not urgent had better be skipped. */
  readonly waiting: number;
  /** @throws OverloadedError, EngineUnavailableError, EngineFailedError, or the signal's reason */
  recognise(request: RecogniseRequest): Promise<Recognition>;
  /** Resolves when it can be called. @throws EngineUnavailableError after `timeoutMs` */
  whenReady(timeoutMs?: number): Promise<void>;
  /** Where the model may be exchanged: a stream keeps the one it began with. @throws EngineUnavailableError */
  lease?(): RecogniserLease;
}
