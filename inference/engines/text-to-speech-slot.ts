import type { EngineHost } from './engine-host.js';
import {
  ModelSlot,
  type LoadedModel,
  type ModelChoice,
  type ModelSlotOptions,
} from './model-slot.js';
import type { SynthesiseRequest, TextToSpeechEngine, Voice } from './text-to-speech-engine.js';

/** What is known of a text-to-speech model before it is loaded. */
export interface TTSDescription {
  readonly model: string;
  readonly backend: string;
  /** Voices as far as the model's name tells. */
  readonly voices: readonly Voice[];
}

/** A text-to-speech model in memory. */
export interface LoadedTTS extends LoadedModel {
  readonly engine: TextToSpeechEngine;
}

/** How to get a text-to-speech model. */
export type TTSChoice = ModelChoice<LoadedTTS, TTSDescription>;

/** The endpoint's voice: a slot whose model is loaded when it is wanted. */
export class TextToSpeechSlot implements TextToSpeechEngine, EngineHost {
  readonly kind = 'tts';
  readonly worker: ModelSlot<LoadedTTS, TTSDescription>;
  #voices: readonly Voice[] | undefined;

  constructor(options: ModelSlotOptions, first: TTSChoice) {
    this.worker = new ModelSlot(options, first);
  }

  get model(): string {
    return this.worker.description.model;
  }

  get backend(): string {
    return this.worker.description.backend;
  }

  get voices(): readonly Voice[] {
    this.#voices = this.worker.loaded?.engine.voices ?? this.#voices;
    return this.#voices ?? this.worker.description.voices;
  }

  synthesise(request: SynthesiseRequest): Promise<Uint8Array> {
    return this.worker.use(({ engine }) => engine.synthesise(request));
  }
}
