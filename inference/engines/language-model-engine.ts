/** One turn of a conversation. */
export interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

/** What a language model is asked. */
export interface GenerateRequest {
  readonly turns: readonly ChatTurn[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  /** Texts that end the answer; they are not part of it. */
  readonly stop: readonly string[];
  /** Receives the answer as it is written. */
  readonly onText?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A finished answer. */
export interface Generation {
  readonly text: string;
  readonly finishReason: 'stop' | 'length';
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Oldest turns that were left out because the context was full. */
  readonly droppedTurns: number;
}

/** Writes the next turn of a conversation. */
export interface LanguageModelEngine {
  readonly model: string;
  /** Tokens that prompt and answer share. */
  readonly contextTokens: number;
  /** Whether the model calls tools; one that does not still answers in words. */
  readonly toolCalls: boolean;
  /** @throws OverloadedError, EngineUnavailableError, EngineFailedError, ApiError 400, or the signal's reason */
  generate(request: GenerateRequest): Promise<Generation>;
}
