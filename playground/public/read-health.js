/* global AbortSignal */
/** The parts are asked with a limit of five seconds each; this one is for the way to the server. */
const ANSWER_WITHIN_MS = 10_000;

/** @returns {Promise<string>} which part is not well, as a sentence; empty when all are. */
export async function readHealth() {
  try {
    const response = await fetch('/healthz', { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const { parts } = await response.json();
    const unwell = Object.entries(parts).filter(([, part]) => part.status !== 'ok');
    return unwell.map(([name, part]) => `The ${name} is not well: ${part.reason}.`).join(' ');
  } catch {
    return 'The page’s server does not answer.';
  }
}
