import type { SupervisorLimits } from './limits.js';

type RestartLimits = Pick<
  SupervisorLimits,
  'restartFirstMs' | 'restartLongestMs' | 'restartForgivenAfterMs'
>;

/** How long to wait before a part that died is started again: doubles, and is forgiven after good health. */
export class RestartPause {
  #nextMs: number;

  constructor(private readonly limits: RestartLimits) {
    this.#nextMs = limits.restartFirstMs;
  }

  /** @param healthyMs how long the part was ready before it died; 0 if it never was. */
  next(healthyMs: number): number {
    if (healthyMs >= this.limits.restartForgivenAfterMs) this.#nextMs = this.limits.restartFirstMs;
    const pauseMs = this.#nextMs;
    this.#nextMs = Math.min(pauseMs * 2, this.limits.restartLongestMs);
    return pauseMs;
  }
}
