import type { z } from 'zod';
import { createAdapterError } from '../../adapter-error.js';
import { excerpt, type FailureContext } from '../../to-api-error.js';

/**
 * Reads a JSON answer.
 *
 * @throws {AdapterError} `bad-response` with the beginning of what came
 */
export const parseJsonAnswer = <Answer>(
  bytes: Uint8Array,
  schema: z.ZodType<Answer>,
  context: FailureContext,
): Answer => {
  const body = new TextDecoder('utf-8').decode(bytes);
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    throw createAdapterError({
      code: 'bad-response',
      message: `${context.what} was answered with something that is not JSON ("${excerpt(body, context.secrets)}")`,
      cause,
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw createAdapterError({
    code: 'bad-response',
    message: `${context.what} was answered with JSON of another shape ("${excerpt(body, context.secrets)}")`,
    cause: parsed.error,
  });
};
