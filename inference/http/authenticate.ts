import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { ApiError } from './api-error.js';

/** Makes a check of `Authorization: Bearer KEY` that takes the same time whatever the client sent; it returns what is wrong. */
export function createKeyCheck(apiKey: string): (request: FastifyRequest) => ApiError | undefined {
  const wanted = digest(apiKey);
  return (request) => {
    const given = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(given), wanted)) return undefined;
    return new ApiError(
      401,
      given === ''
        ? 'This endpoint needs a key: send Authorization: Bearer KEY (the value of INFERENCE_API_KEY).'
        : 'The key is not the one in INFERENCE_API_KEY.',
      { type: 'authentication_error', code: 'invalid_api_key' },
    );
  };
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
