import { APIError } from '@livekit/agents';

/**
 * Something failed in a voice provider. `cause` is the error beneath, `code` its stable code
 * (docs/errors.md) and `retryable` whether doing it again may help.
 */
export class VoiceProviderError extends Error {
  override readonly name: string = 'VoiceProviderError';
  readonly code: string;
  readonly retryable: boolean;

  constructor(message: string, options: { cause?: unknown; code?: string } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    const { cause } = options;
    this.code = options.code ?? codeOf(cause) ?? 'internal';
    this.retryable = cause instanceof APIError && cause.retryable;
  }
}

/** The provider cannot be reached, or is used before `connect` or after `disconnect`. */
export class VoiceConnectionError extends VoiceProviderError {
  override readonly name = 'VoiceConnectionError';
}

/** Audio could not be transcribed. */
export class SpeechToTextError extends VoiceProviderError {
  override readonly name = 'SpeechToTextError';
}

/** Text could not be spoken. */
export class TextToSpeechError extends VoiceProviderError {
  override readonly name = 'TextToSpeechError';
}

const codeOf = (cause: unknown): string | undefined =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : undefined;
