/** A provider that cannot be made from what was given. The message is a sentence for the person who configures. */
export class ProviderError extends Error {
  /** Stable code: `unknown-provider` or `invalid-options`. */
  readonly code: 'unknown-provider' | 'invalid-options';

  constructor(code: ProviderError['code'], message: string) {
    super(message);
    this.name = 'ProviderError';
    this.code = code;
  }
}
