import { SourceError, UnreachableError } from './fetch-error.js';
import type { FetchLimits } from './fetch-limits.js';

/** Errors of a host to which there is no connection at all, whatever it sent earlier. */
const NO_CONNECTION = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Errors of a connection that worked until then: worth continuing at once. */
export function isCut(error: unknown): boolean {
  const codes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNREFUSED']);
  return codesOf(error).some((code) => codes.has(code)) || String(error).includes('terminated');
}

/**
 * Puts a failed transfer in words.
 *
 * @param error - what undici threw
 * @param job - the address, the limits in force and how many bytes had arrived
 * @returns an UnreachableError where there was no connection at all, else a SourceError
 */
export function explainHttpFailure(
  error: unknown,
  job: { readonly url: string; readonly limits: FetchLimits; readonly doneBytes: number },
): SourceError {
  const { doneBytes } = job;
  const codes = codesOf(error);
  const host = new URL(job.url).host;
  if (codes.includes('UND_ERR_BODY_TIMEOUT')) {
    return new SourceError(
      `${host} sent nothing for ${job.limits.stallMs / 1000} s after ${doneBytes} bytes`,
      { cause: error },
    );
  }
  if (codes.includes('UND_ERR_HEADERS_TIMEOUT')) {
    return new SourceError(`${host} did not answer within ${job.limits.headersMs / 1000} s`, {
      cause: error,
    });
  }
  const reason = codes.includes('UND_ERR_CONNECT_TIMEOUT')
    ? `no connection within ${job.limits.connectMs / 1000} s`
    : (codes[0] ?? String(error));
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    const seconds = (job.limits.connectMs + job.limits.headersMs) / 1000;
    return new UnreachableError(`${host} gave no answer within ${seconds} s (is a proxy broken?)`);
  }
  const unreachable = codes.some((code) => NO_CONNECTION.has(code));
  return doneBytes > 0 && !unreachable
    ? new SourceError(`the connection to ${host} was cut after ${doneBytes} bytes (${reason})`, {
        cause: error,
      })
    : new UnreachableError(`${host} can't be reached (${reason})`, { cause: error });
}

/** The codes of an error and of what caused it. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  return [...own, ...codesOf(error.cause)];
}
