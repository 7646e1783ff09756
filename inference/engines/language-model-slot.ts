import type { EngineHost } from './engine-host.js';
import type { GenerateRequest, Generation, LanguageModelEngine } from './language-model-engine.js';
import {
  ModelSlot,
  type LoadedModel,
  type ModelChoice,
  type ModelSlotOptions,
} from './model-slot.js';

/** What is known of a language model before it is loaded. */
export interface LLMDescription {
  readonly model: string;
  readonly backend: string;
}

/** A language model in memory. */
export interface LoadedLLM extends LoadedModel {
  readonly engine: LanguageModelEngine;
}

/** How to get a language model. */
export type LLMChoice = ModelChoice<LoadedLLM, LLMDescription>;

/** The endpoint's language model: a slot whose model is loaded when it is wanted. */
export class LanguageModelSlot implements LanguageModelEngine, EngineHost {
  readonly kind = 'llm';
  readonly worker: ModelSlot<LoadedLLM, LLMDescription>;
  #contextTokens = 0;
  #toolCalls = false;

  constructor(options: ModelSlotOptions, first: LLMChoice) {
    this.worker = new ModelSlot(options, first);
  }

  get model(): string {
    return this.worker.description.model;
  }

  get backend(): string {
    return this.worker.description.backend;
  }

  get contextTokens(): number {
    this.#contextTokens = this.worker.loaded?.engine.contextTokens ?? this.#contextTokens;
    return this.#contextTokens;
  }

  get toolCalls(): boolean {
    this.#toolCalls = this.worker.loaded?.engine.toolCalls ?? this.#toolCalls;
    return this.#toolCalls;
  }

  generate(request: GenerateRequest): Promise<Generation> {
    return this.worker.use(({ engine }) => engine.generate(request));
  }
}
