import { APIError, APIStatusError } from '@livekit/agents';
import { createAdapterError, isAdapterError, type AdapterError } from './adapter-error.js';
import type { AdapterErrorCode } from './error-codes.js';

/** What was being done, so that the message can say it. */
export interface FailureContext {
  /** Such as `speech-to-text request to http://host/path`; {@link describeUrl} leaves secrets out. */
  readonly what: string;
  /** Values that must not appear in a message even if the service echoes them. */
  readonly secrets?: readonly string[];
}

/** At most this much of a foreign body goes into a message: enough for one error sentence. */
const EXCERPT_CHARS = 300;

/** Retry-After beyond this is treated as this: a voice call cannot wait longer anyway. */
const MAX_RETRY_AFTER_MS = 60_000;

const NETWORK_CODES: Readonly<Record<string, AdapterErrorCode>> = {
  ECONNREFUSED: 'connect-failed',
  ENOTFOUND: 'connect-failed',
  EAI_AGAIN: 'connect-failed',
  EHOSTUNREACH: 'connect-failed',
  ENETUNREACH: 'connect-failed',
  EADDRNOTAVAIL: 'connect-failed',
  EPROTO: 'connect-failed',
  CERT_HAS_EXPIRED: 'connect-failed',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'connect-failed',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  ETIMEDOUT: 'connect-timeout',
  UND_ERR_HEADERS_TIMEOUT: 'request-timeout',
  UND_ERR_BODY_TIMEOUT: 'stalled',
  ECONNRESET: 'connection-lost',
  ECONNABORTED: 'connection-lost',
  EPIPE: 'connection-lost',
  UND_ERR_SOCKET: 'connection-lost',
  UND_ERR_CLOSED: 'aborted',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_ABORTED: 'aborted',
  ABORT_ERR: 'aborted',
};

/** An address as it may be printed: without user, password, query and fragment, which carry keys. */
export const describeUrl = (url: string | URL): string => {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname}`;
  } catch {
    return 'an address that is not a URL';
  }
};

/** The start of a foreign text, on one line, with secrets masked. */
export const excerpt = (text: string, secrets: readonly string[] = []): string => {
  let clean = text;
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '***');
  clean = clean.replaceAll(/\s+/g, ' ').trim();
  return clean.length > EXCERPT_CHARS ? `${clean.slice(0, EXCERPT_CHARS)}…` : clean;
};

const findCode = (failure: unknown, depth = 0): string | undefined => {
  if (typeof failure !== 'object' || failure === null || depth > 4) return undefined;
  if ('code' in failure && typeof failure.code === 'string' && failure.code in NETWORK_CODES) {
    return failure.code;
  }
  if ('name' in failure && failure.name === 'AbortError') return 'ABORT_ERR';
  if ('name' in failure && failure.name === 'TimeoutError') return 'UND_ERR_HEADERS_TIMEOUT';
  // fetch wraps the network error in a TypeError; happy eyeballs wraps several in an AggregateError.
  if (failure instanceof AggregateError) {
    for (const inner of failure.errors) {
      const code = findCode(inner, depth + 1);
      if (code !== undefined) return code;
    }
  }
  return 'cause' in failure ? findCode(failure.cause, depth + 1) : undefined;
};

const messageOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message || failure.name : String(failure);

/** Turns anything thrown by a transport, or by an overridden method, into the framework's family. */
export const toAPIError = (failure: unknown, context: FailureContext): AdapterError => {
  if (isAdapterError(failure)) return failure;
  if (failure instanceof APIStatusError) {
    return fromHttpStatus(failure.statusCode, failure.message, undefined, context);
  }
  if (failure instanceof APIError) {
    // Somebody else's APIError: its retryability is theirs, the code is the nearest of ours.
    return Object.assign(failure, {
      code: failure.retryable ? ('server-error' as const) : ('rejected' as const),
    });
  }
  const networkCode = findCode(failure);
  const code = networkCode === undefined ? 'internal' : (NETWORK_CODES[networkCode] ?? 'internal');
  const seen = networkCode ?? excerpt(messageOf(failure), context.secrets);
  return createAdapterError({ code, message: `${context.what} failed (${seen})`, cause: failure });
};

const codeOfStatus = (status: number): AdapterErrorCode => {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 408) return 'request-timeout';
  if (status === 429 || status === 503 || status === 529) return 'overloaded';
  if (status >= 500) return 'server-error';
  return status >= 400 ? 'rejected' : 'bad-response';
};

/** `Retry-After` is a number of seconds or an HTTP date; anything else is ignored. */
export const parseRetryAfterMs = (value: string | undefined, nowMs: number): number | undefined => {
  if (value === undefined || value.trim() === '') return undefined;
  const seconds = Number(value);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - nowMs;
  return Number.isFinite(waitMs) && waitMs >= 0 ? Math.min(waitMs, MAX_RETRY_AFTER_MS) : undefined;
};

/** Error for an HTTP answer (or a refused WebSocket upgrade) that is not a success. */
export const fromHttpStatus = (
  status: number,
  body: string,
  retryAfter: string | undefined,
  context: FailureContext,
): AdapterError => {
  const said = excerpt(body, context.secrets);
  const retryAfterMs = parseRetryAfterMs(retryAfter, Date.now());
  return createAdapterError({
    code: codeOfStatus(status),
    message: `${context.what} was answered with HTTP ${status}${said === '' ? '' : ` ("${said}")`}`,
    statusCode: status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
};

const AUTH_REASON = /auth|api.?key|credential|forbidden|token|permission/i;

const codeOfClose = (closeCode: number, reason: string): AdapterErrorCode => {
  if (closeCode === 1013) return 'overloaded';
  if (closeCode === 1011 || closeCode === 1014) return 'server-error';
  if (closeCode === 1008) return AUTH_REASON.test(reason) ? 'unauthorized' : 'protocol-refused';
  if ([1002, 1003, 1007].includes(closeCode)) return 'protocol-refused';
  // Private codes that services derive from HTTP (4401, 4403 and so on).
  if (closeCode === 4001 || closeCode === 4401 || closeCode === 4403) return 'unauthorized';
  return 'connection-lost';
};

/** Error for a WebSocket that closed before the work was done. */
export const fromWebSocketClose = (
  closeCode: number,
  reason: string,
  context: FailureContext,
  cause?: unknown,
): AdapterError => {
  const code = codeOfClose(closeCode, reason);
  const said = excerpt(reason, context.secrets);
  return createAdapterError({
    code,
    message: `${context.what} was closed with code ${closeCode}${said === '' ? '' : ` ("${said}")`}`,
    // Only refusals are a status: a lost connection is a connection error.
    ...(code === 'connection-lost' ? {} : { statusCode: closeCode }),
    ...(cause === undefined ? {} : { cause }),
  });
};
