/** A voice that can be asked for. */
export interface Voice {
  readonly id: string;
  readonly name: string;
  /** BCP 47 tag. */
  readonly language: string;
  readonly model: string;
}

/** What a synthesiser is asked: one clause or sentence at a time. */
export interface SynthesiseRequest {
  readonly text: string;
  /** Id of a voice; the first one where it is missing or unknown. */
  readonly voice?: string | undefined;
  /** 1 is the voice's own pace. */
  readonly speed: number;
  /** Rate of the answer in Hz; the engine resamples to it. */
  readonly sampleRate: number;
  readonly signal?: AbortSignal | undefined;
}

/** Speaks text. */
export interface TextToSpeechEngine {
  readonly model: string;
  readonly voices: readonly Voice[];
  /** Mono s16le samples at the requested rate. @throws OverloadedError, EngineUnavailableError, EngineFailedError */
  synthesise(request: SynthesiseRequest): Promise<Uint8Array>;
}
