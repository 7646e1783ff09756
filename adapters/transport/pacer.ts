import { abortableDelay } from './abortable-delay.js';

/** A paced replay may be ahead of its rate by this much: live audio arrives in bursts. */
const PACING_SLACK_MS = 300;

/** Lets audio through at no more than `rate` times real time. Resolves to false once stopped. */
export const createPacer = (
  rate: number | undefined,
): ((durationMs: number, stop: AbortSignal) => Promise<boolean>) => {
  if (rate === undefined) return (_durationMs, stop) => Promise.resolve(!stop.aborted);
  let nextAt = 0;
  return async (durationMs, stop) => {
    const now = performance.now();
    nextAt = Math.max(nextAt, now - PACING_SLACK_MS);
    const waitMs = nextAt - now;
    nextAt += durationMs / rate;
    return waitMs <= 0 ? !stop.aborted : await abortableDelay(waitMs, stop);
  };
};
