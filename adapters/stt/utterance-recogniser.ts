import { createAdapterError, type AdapterError } from '../adapter-error.js';
import { toAPIError, type FailureContext } from '../to-api-error.js';
import { Notifier } from '../transport/notifier.js';

/** An utterance that waits for its turn. */
export interface Utterance {
  readonly pcm: Int16Array;
  /** Position of the first sample in the stream. */
  readonly from: number;
  /** Whether the speaker stopped after it; false for a part of a very long utterance. */
  readonly last: boolean;
}

export interface UtteranceRecogniserOptions {
  /** Utterances that may wait; beyond that the oldest is given up and reported. */
  readonly maxWaiting: number;
  readonly recognise: (utterance: Utterance, signal: AbortSignal) => Promise<void>;
  readonly onTrouble: (error: AdapterError, utterance: Utterance) => void;
  readonly context: FailureContext;
}

/** Recognises utterances one at a time in the order they were spoken. One failure costs one utterance. */
export class UtteranceRecogniser {
  readonly #options: UtteranceRecogniserOptions;
  readonly #waiting: Utterance[] = [];
  readonly #changed = new Notifier();
  #ended = false;

  constructor(options: UtteranceRecogniserOptions) {
    this.#options = options;
  }

  add(utterance: Utterance): void {
    const { maxWaiting, onTrouble, context } = this.#options;
    this.#waiting.push(utterance);
    if (this.#waiting.length > maxWaiting) {
      const oldest = this.#waiting.shift();
      if (oldest !== undefined) {
        onTrouble(
          createAdapterError({
            code: 'utterance-dropped',
            message: `more than ${maxWaiting} utterances waited for ${context.what}`,
          }),
          oldest,
        );
      }
    }
    this.#changed.notify();
  }

  /** No more utterances come. */
  end(): void {
    this.#ended = true;
    this.#changed.notify();
  }

  /** Runs until ended and empty, or aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const utterance = this.#waiting.shift();
      if (utterance !== undefined) {
        await this.#one(utterance, signal);
      } else if (this.#ended) {
        return;
      } else {
        await this.#changed.wait(signal);
      }
    }
  }

  async #one(utterance: Utterance, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.recognise(utterance, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#options.onTrouble(toAPIError(error, this.#options.context), utterance);
    }
  }
}
