import { setTimeout as sleep } from 'node:timers/promises';
import type { SupervisorLimits } from './limits.js';
import type { Health } from './part.js';

/**
 * Asks a part again and again until it says it is ready.
 * @returns 'ready', or 'late' when readyWithinMs have passed.
 * @throws the signal's reason when it is aborted.
 */
export async function waitUntilReady(options: {
  readonly health: (signal: AbortSignal) => Promise<Health>;
  readonly readyWithinMs: number;
  readonly onDetail: (detail: string) => void;
  readonly signal: AbortSignal;
  readonly limits: Pick<SupervisorLimits, 'healthPauseMs' | 'healthAnswerMs'>;
}): Promise<'ready' | 'late'> {
  const { health, readyWithinMs, onDetail, signal, limits } = options;
  const deadline = performance.now() + readyWithinMs;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    // No answer is the usual case while a part comes up, and says nothing.
    const answer = await health(
      AbortSignal.any([signal, AbortSignal.timeout(limits.healthAnswerMs)]),
    ).catch((): Health => ({ ready: false }));
    if (answer.ready) return 'ready';
    if (answer.detail !== undefined) onDetail(answer.detail);
    await sleep(limits.healthPauseMs, undefined, { signal });
  }
  return 'late';
}
