import { createAdapterError, type AdapterError } from '../adapter-error.js';
import { toAPIError, type FailureContext } from '../to-api-error.js';
import { Notifier } from '../transport/notifier.js';
import { withRetries } from '../transport/retry-policy.js';

export interface PieceAudioOptions {
  readonly text: string;
  readonly open: (text: string, signal: AbortSignal) => AsyncIterable<Int16Array>;
  readonly maxRetries: number;
  /** All attempts together, in ms. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly context: FailureContext;
}

/**
 * The audio of one piece of text. Fetching begins at once and does not wait for the reader, so a
 * piece may be prepared while the one before it is spoken.
 *
 * A request that fails is repeated as long as nobody has heard any of its audio: afterwards a
 * repetition would say the beginning of the piece twice.
 */
export class PieceAudio {
  readonly #options: PieceAudioOptions;
  readonly #changed = new Notifier();
  /** Settles when fetching is over, and never rejects. */
  readonly finished: Promise<void>;
  #chunks: Int16Array[] = [];
  #state: 'fetching' | 'complete' | AdapterError = 'fetching';
  #heard = false;

  constructor(options: PieceAudioOptions) {
    this.#options = options;
    this.finished = this.#fetch();
  }

  /** Whether the reader was given any of it. */
  get heard(): boolean {
    return this.#heard;
  }

  /**
   * The samples as they come. Ends early, without an error, when the signal aborts.
   *
   * @throws {AdapterError} when all attempts failed
   */
  async *samples(): AsyncGenerator<Int16Array, void, undefined> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#heard = true;
        yield chunk;
      } else if (this.#state === 'complete') {
        return;
      } else if (this.#state !== 'fetching') {
        throw this.#state;
      } else {
        await this.#changed.wait(signal);
      }
    }
  }

  async #fetch(): Promise<void> {
    const { maxRetries, deadlineMs, signal, context } = this.#options;
    try {
      await withRetries(() => this.#attempt(), { maxRetries, deadlineMs, signal });
      this.#state = 'complete';
    } catch (error) {
      this.#state = toAPIError(error, context);
    }
    this.#changed.notify();
  }

  async #attempt(): Promise<void> {
    const { open, text, signal, context } = this.#options;
    this.#chunks = [];
    try {
      for await (const chunk of open(text, signal)) {
        this.#chunks.push(chunk);
        this.#changed.notify();
      }
    } catch (cause) {
      const error = toAPIError(cause, context);
      if (!this.#heard) throw error;
      throw createAdapterError({
        code: error.code,
        message: `${context.what} broke off in the middle of a sentence`,
        cause: error,
        retryable: false,
      });
    }
  }
}
