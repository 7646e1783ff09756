import { z } from 'zod';
import { callChoice } from '../protocol/call-choice.js';
import { PlaygroundError } from './playground-error.js';

const name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/);

const schema = z.strictObject({
  room: name.optional(),
  identity: name.optional(),
  choice: callChoice.optional(),
});

/** Which room to join, and as whom, both made up where they are missing; and what the agent should be made of. */
export type TokenRequest = z.infer<typeof schema>;

const ALLOWED = 'a JSON object with "room", "identity" and "choice", all optional';
const CHOICES = Object.keys(callChoice.shape).join(', ');
const ALLOWED_NAME = '1 to 64 letters, digits, dashes or underscores';

/** @throws PlaygroundError 400 that says which field is wrong and what is allowed. */
export function readTokenRequest(body: unknown): TokenRequest {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues
    .map((issue) => issue.path[0])
    .filter((path) => path !== undefined);
  if (fields.includes('choice')) {
    throw new PlaygroundError(400, 'bad_request', `Not a usable choice: it may have ${CHOICES}.`);
  }
  throw new PlaygroundError(
    400,
    'bad_request',
    fields.length > 0
      ? `Not a usable ${fields.join(' and ')}: allowed are ${ALLOWED_NAME}.`
      : `The request must be ${ALLOWED}.`,
  );
}
