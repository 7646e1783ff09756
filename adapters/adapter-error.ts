import { APIConnectionError, APIError, APIStatusError, APITimeoutError } from '@livekit/agents';
import { ERROR_CODES, type AdapterErrorCode } from './error-codes.js';

/**
 * An error of the framework's family with our stable code. The framework's retry loops use
 * `instanceof APIError`, so the family is extended by properties, not by classes of our own.
 */
export type AdapterError = APIError & {
  readonly code: AdapterErrorCode;
  /** How long the service asked to be left alone (Retry-After), in ms. */
  readonly retryAfterMs?: number;
};

export interface AdapterErrorDetails {
  readonly code: AdapterErrorCode;
  /** What failed and the value seen, without a final period: the fix is appended. */
  readonly message: string;
  readonly cause?: unknown;
  /** HTTP status or WebSocket close code. */
  readonly statusCode?: number;
  readonly retryAfterMs?: number;
  /** Only ever narrows: `false` for a failure that must not be repeated although its kind may be. */
  readonly retryable?: boolean;
}

const TIMEOUTS: ReadonlySet<AdapterErrorCode> = new Set([
  'connect-timeout',
  'request-timeout',
  'first-byte-timeout',
  'stalled',
  'no-answer',
]);
const CONNECTION: ReadonlySet<AdapterErrorCode> = new Set([
  'connect-failed',
  'connection-lost',
  'connection-silent',
]);

const build = (details: AdapterErrorDetails): APIError => {
  const { retryable: byKind, fix } = ERROR_CODES[details.code];
  const retryable = byKind && details.retryable !== false;
  const message = `${details.message}: ${fix}. [${details.code}]`;
  if (details.statusCode !== undefined) {
    return new APIStatusError({ message, options: { statusCode: details.statusCode, retryable } });
  }
  if (TIMEOUTS.has(details.code)) return new APITimeoutError({ message, options: { retryable } });
  if (CONNECTION.has(details.code)) {
    return new APIConnectionError({ message, options: { retryable } });
  }
  return new APIError(message, { retryable });
};

/** Builds an error of the framework's family; its kind, retryability and advice follow from the code. */
export const createAdapterError = (details: AdapterErrorDetails): AdapterError => {
  const error = build(details);
  const own: { code: AdapterErrorCode; retryAfterMs?: number } = { code: details.code };
  if (details.retryAfterMs !== undefined) own.retryAfterMs = details.retryAfterMs;
  if (details.cause !== undefined) error.cause = details.cause;
  return Object.assign(error, own);
};

/**
 * The same failure, not to be repeated: for whoever has used up its own attempts, or whose input
 * is consumed, so that a repetition by the framework would do harm.
 */
export const asFinal = (error: AdapterError): AdapterError => {
  if (!error.retryable) return error;
  const { code, message, cause } = error;
  const options = { retryable: false };
  const final =
    error instanceof APIStatusError
      ? new APIStatusError({ message, options: { statusCode: error.statusCode, ...options } })
      : error instanceof APITimeoutError
        ? new APITimeoutError({ message, options })
        : error instanceof APIConnectionError
          ? new APIConnectionError({ message, options })
          : new APIError(message, options);
  if (cause !== undefined) final.cause = cause;
  return Object.assign(final, { code });
};

/** Whether a thrown value is one of ours already. */
export const isAdapterError = (value: unknown): value is AdapterError =>
  value instanceof APIError &&
  'code' in value &&
  typeof value.code === 'string' &&
  Object.hasOwn(ERROR_CODES, value.code);
