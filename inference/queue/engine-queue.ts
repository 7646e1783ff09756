import PQueue from 'p-queue';
import { OverloadedError } from '../http/api-error.js';

/** Settings of an {@link EngineQueue}. */
export interface EngineQueueOptions {
  /** Engine name for errors. */
  readonly name: string;
  /** Jobs at once. */
  readonly concurrency: number;
  /** Jobs that may wait; the next one is refused at once. */
  readonly maxWaiting: number;
  /** Longest wait of a job before it is refused, in ms. */
  readonly maxWaitMs: number;
  /** What the refused are told in Retry-After, in s. */
  readonly retryAfterS: number;
}

/** A bounded queue before an engine: by priority, then first come first served; refuses instead of growing. */
export class EngineQueue {
  readonly #options: EngineQueueOptions;
  readonly #queue: PQueue;

  constructor(options: EngineQueueOptions) {
    this.#options = options;
    this.#queue = new PQueue({ concurrency: options.concurrency });
  }

  /** Jobs that wait or run. */
  get load(): number {
    return this.#queue.size + this.#queue.pending;
  }

  /** @throws OverloadedError when too many wait or the wait was too long, or the signal's reason */
  async run<T>(
    job: () => Promise<T>,
    options: { readonly priority?: number; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const { name, maxWaiting, maxWaitMs, retryAfterS } = this.#options;
    if (this.#queue.size >= maxWaiting) {
      throw new OverloadedError(name, `${maxWaiting} requests wait already`, retryAfterS);
    }
    const tooLong = new AbortController();
    const timer = setTimeout(() => {
      const waitedS = Math.round(maxWaitMs / 1000);
      tooLong.abort(new OverloadedError(name, `no turn within ${waitedS} s`, retryAfterS));
    }, maxWaitMs);
    const giveUp = AbortSignal.any([tooLong.signal, ...(options.signal ? [options.signal] : [])]);
    let started = false;
    const queued = this.#queue.add(
      async () => {
        clearTimeout(timer);
        if (giveUp.aborted) throw reasonOf(giveUp);
        started = true;
        return job();
      },
      { priority: options.priority ?? 0 },
    ) as Promise<T>;
    return new Promise<T>((resolve, reject) => {
      // Whoever gives up while waiting is answered at once; its place in the queue then does nothing.
      const onGiveUp = (): void => {
        if (!started) reject(reasonOf(giveUp));
      };
      if (giveUp.aborted) onGiveUp();
      giveUp.addEventListener('abort', onGiveUp, { once: true });
      queued.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        giveUp.removeEventListener('abort', onGiveUp);
      });
    });
  }
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('the request was cancelled');
}
