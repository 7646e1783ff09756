/** What an {@link ApiError} tells besides its message. */
export interface ApiErrorDetails {
  /** OpenAI's error family, e.g. `invalid_request_error`. */
  readonly type: string;
  /** The request's field that is at fault. */
  readonly param?: string | undefined;
  /** Stable code for programs. */
  readonly code?: string | undefined;
  /** Seconds after which a retry makes sense; sent as Retry-After. */
  readonly retryAfterS?: number | undefined;
  readonly cause?: unknown;
}

/** An error with the HTTP status and the fields of OpenAI's error shape. Its message is shown to the client. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
  readonly retryAfterS: number | undefined;

  constructor(
    readonly status: number,
    message: string,
    details: ApiErrorDetails,
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.type = details.type;
    this.param = details.param ?? null;
    this.code = details.code ?? null;
    this.retryAfterS = details.retryAfterS;
  }
}

/** The engine is loading, restarting or closed: 503, try again. */
export class EngineUnavailableError extends ApiError {
  override readonly name = 'EngineUnavailableError';
  constructor(engine: string, reason: string) {
    super(503, `The ${engine} engine cannot be used now: ${reason}. Try again in a moment.`, {
      type: 'server_error',
      code: 'engine_unavailable',
      retryAfterS: 2,
    });
  }
}

/** The engine failed or died during this request: 500; the same request may work again. */
export class EngineFailedError extends ApiError {
  override readonly name = 'EngineFailedError';
  constructor(engine: string, reason: string) {
    super(500, `The ${engine} engine failed: ${reason}`, {
      type: 'server_error',
      code: 'engine_failed',
    });
  }
}

/** Too much is waiting already: 429 at once instead of slowing everyone. */
export class OverloadedError extends ApiError {
  override readonly name = 'OverloadedError';
  constructor(engine: string, reason: string, retryAfterS: number) {
    super(429, `The ${engine} engine is busy: ${reason}. Try again in ${retryAfterS} s.`, {
      type: 'rate_limit_error',
      code: 'overloaded',
      retryAfterS,
    });
  }
}

/** A 400 in OpenAI's shape. */
export function invalidRequest(message: string, param?: string, code?: string): ApiError {
  return new ApiError(400, message, { type: 'invalid_request_error', param, code });
}
