import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { invalidRequest } from './api-error.js';

/** Makes Fastify refuse JSON that is not UTF-8 instead of replacing the bytes it cannot read. */
export function useStrictJson(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(decodeUtf8(body as Buffer, 'The request body')));
    } catch (error) {
      done(
        error instanceof SyntaxError
          ? invalidRequest(`The request body is not JSON: ${error.message}`)
          : (error as Error),
      );
    }
  });
}

/** @throws ApiError 400 when the bytes are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidRequest(`${what} is not UTF-8 text.`, undefined, 'invalid_encoding');
  }
}

/** Checks a value with a schema. @throws ApiError 400 that names every field that is wrong */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const path = issue.path.join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  const param = parsed.error.issues[0]?.path.join('.');
  throw invalidRequest(problems.join('; '), param === '' ? undefined : param);
}
