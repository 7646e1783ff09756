import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, invalidRequest } from './api-error.js';

/** Fastify's and its plugins' error codes that mean the body was too large. */
const TOO_LARGE = new Set([
  'FST_ERR_CTP_BODY_TOO_LARGE',
  'FST_REQ_FILE_TOO_LARGE',
  'FST_PARTS_LIMIT',
  'FST_FIELDS_LIMIT',
  'FST_FILES_LIMIT',
]);

/** Answers every error in OpenAI's shape; what is our own fault is logged with its stack, not shown. */
export function handleError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const known = toApiError(error);
  if (known.status >= 500) request.log.error({ err: error }, 'request failed');
  else request.log.info({ status: known.status, reason: known.message }, 'request refused');
  if (known.retryAfterS !== undefined) void reply.header('retry-after', String(known.retryAfterS));
  // The rest of an upload that was refused is not read: the connection cannot be used again.
  if (known.status === 413) void reply.header('connection', 'close');
  void reply.code(known.status).send(errorBody(known));
}

/** The JSON body of an error. */
export function errorBody(error: ApiError): {
  error: { message: string; type: string; param: string | null; code: string | null };
} {
  const { message, type, param, code } = error;
  return { error: { message, type, param, code } };
}

/** Whatever was thrown, as the error that a client gets. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { code = '', statusCode = 500, message = '' } = error as Partial<FastifyError>;
  if (TOO_LARGE.has(code)) {
    return new ApiError(413, `The request is too large: ${message}`, {
      type: 'invalid_request_error',
      code: 'request_too_large',
    });
  }
  if (statusCode >= 400 && statusCode < 500) {
    const type = 'invalid_request_error';
    return statusCode === 400
      ? invalidRequest(message)
      : new ApiError(statusCode, message, { type });
  }
  return new ApiError(500, 'Something failed inside the endpoint; its log says more.', {
    type: 'server_error',
    code: 'internal_error',
    cause: error,
  });
}
