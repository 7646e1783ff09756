/* global AbortSignal */
import { Problem } from './problem.js';

/** The page's server is on the same machine or next to it: a longer silence means it is gone. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * Asks the page's server for a way into a new room.
 * @param {Record<string, string> | undefined} choice what the agent should be made of
 * @returns {Promise<{url: string, token: string, room: string, identity: string}>}
 * @throws {Problem}
 */
export async function requestToken(choice) {
  let response;
  try {
    response = await fetch('/token', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ choice }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  } catch (error) {
    throw new Problem(
      'The page’s server does not answer',
      'Look whether “npm start” is still running in its terminal, then call again.',
      error,
    );
  }
  const body = await response.json().catch(() => ({}));
  if (response.ok) return body;
  const reason = body.error?.message ?? `It answered with status ${response.status}.`;
  throw new Problem('The call was not allowed', reason);
}
