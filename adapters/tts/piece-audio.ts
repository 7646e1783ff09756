import type { AdapterError } from '../adapter-error.js';
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
 * A request that fails is repeated. What the reader was given of it already is left out of the
 * repetition, so that a piece that broke off goes on where it stopped and nothing is said twice.
 */
export class PieceAudio {
  readonly #options: PieceAudioOptions;
  readonly #changed = new Notifier();
  /** Settles when fetching is over, and never rejects. */
  readonly finished: Promise<void>;
  #chunks: Int16Array[] = [];
  #state: 'fetching' | 'complete' | AdapterError = 'fetching';
  /** Samples that the reader was given. */
  #heardSamples = 0;

  constructor(options: PieceAudioOptions) {
    this.#options = options;
    this.finished = this.#fetch();
  }

  /** Whether the reader was given any of it. */
  get heard(): boolean {
    return this.#heardSamples > 0;
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
        this.#heardSamples += chunk.length;
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
    let skip = this.#heardSamples;
    try {
      for await (const chunk of open(text, signal)) {
        const fresh = chunk.subarray(Math.min(skip, chunk.length));
        skip -= chunk.length - fresh.length;
        if (fresh.length === 0) continue;
        this.#chunks.push(fresh);
        this.#changed.notify();
      }
    } catch (cause) {
      throw toAPIError(cause, context);
    }
  }
}
