import pRetry from 'p-retry';
import type { AdapterError } from '../adapter-error.js';
import { abortableDelay } from './abortable-delay.js';

/** How long to wait between attempts. All times in ms. */
export interface BackoffPolicy {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Up to this share of the wait is added at random, so that many calls do not return at once. */
  readonly jitter: number;
}

/**
 * Reconnecting a stream: fast at first, because speech is waiting, never more often than every
 * 5 s to a service that stays down (the figures streaming vendors advise).
 */
export const RECONNECT_BACKOFF: BackoffPolicy = { firstMs: 250, maxMs: 5000, jitter: 0.5 };

/** Repeating an HTTP request: someone is waiting for the words, so the waits stay short. */
export const REQUEST_BACKOFF: BackoffPolicy = { firstMs: 150, maxMs: 2000, jitter: 0.5 };

/** Wait before attempt `attempt` (1 is the first repetition), in ms; never above `maxMs`. */
export const backoffMs = (policy: BackoffPolicy, attempt: number): number => {
  // Room for the jitter is left below the limit, so that waits at the limit are spread as well.
  const cap = policy.maxMs / (1 + policy.jitter);
  const base = Math.min(policy.firstMs * 2 ** Math.max(0, attempt - 1), cap);
  return base * (1 + Math.random() * policy.jitter);
};

export interface RetryOptions {
  /** Repetitions after the first attempt. */
  readonly maxRetries: number;
  /** The whole, waits included, ends by then (ms from now); no attempt starts after it. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly backoff?: BackoffPolicy;
  /** Called before each repetition. */
  readonly onRetry?: (error: AdapterError, attempt: number) => void;
}

/**
 * Runs `operation` until it succeeds, fails for good, or its limits are reached.
 *
 * `operation` must throw nothing but {@link AdapterError}. Retry-After is honoured when it fits
 * into the deadline; when it does not, the error is thrown at once instead of waiting in vain.
 *
 * @throws the last attempt's error
 */
export const withRetries = async <T>(
  operation: () => Promise<T>,
  options: RetryOptions,
): Promise<T> => {
  const backoff = options.backoff ?? REQUEST_BACKOFF;
  const endMs = performance.now() + options.deadlineMs;
  let last: AdapterError | undefined;
  return await pRetry(
    async () => {
      try {
        return await operation();
      } catch (error) {
        last = error as AdapterError;
        throw error;
      }
    },
    {
      retries: options.maxRetries,
      // The waits are made in shouldRetry, where Retry-After is known.
      minTimeout: 0,
      maxTimeout: 0,
      shouldRetry: async ({ attemptNumber, retriesLeft }) => {
        if (last === undefined || !last.retryable || retriesLeft <= 0) return false;
        const waitMs = Math.max(backoffMs(backoff, attemptNumber), last.retryAfterMs ?? 0);
        if (performance.now() + waitMs >= endMs) return false;
        if (!(await abortableDelay(waitMs, options.signal))) return false;
        options.onRetry?.(last, attemptNumber);
        return true;
      },
    },
  );
};
