import type { PartToCheck } from './playground-options.js';

/** A part that takes longer to say that it is well is not. The inference endpoint gives a busy engine four seconds. */
const ANSWER_WITHIN_MS = 5_000;

/** How one part is. */
export interface PartHealth {
  readonly status: 'ok' | 'unavailable';
  /** Why it is not well, in words. */
  readonly reason?: string;
}

/** The answer of /healthz. */
export interface PlaygroundHealth {
  readonly status: 'ok' | 'unavailable';
  readonly parts: Readonly<Record<string, PartHealth>>;
}

/** Asks all parts at once whether a call would be answered now. */
export async function checkParts(parts: readonly PartToCheck[]): Promise<PlaygroundHealth> {
  const entries = await Promise.all(
    parts.map(async (part) => [part.name, await checkPart(part.url)] as const),
  );
  const isWell = entries.every(([, health]) => health.status === 'ok');
  return { status: isWell ? 'ok' : 'unavailable', parts: Object.fromEntries(entries) };
}

async function checkPart(url: string): Promise<PartHealth> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await response.body?.cancel();
    if (response.ok) return { status: 'ok' };
    return { status: 'unavailable', reason: `answers ${response.status}: not ready yet` };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    const reason = isLate ? `no answer within ${ANSWER_WITHIN_MS / 1000} s` : 'does not answer';
    return { status: 'unavailable', reason };
  }
}
