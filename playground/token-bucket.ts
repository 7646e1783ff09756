/** Lets `burst` through at once and `perMinute` in the long run, whoever asks: its memory does not grow. */
export class TokenBucket {
  #tokens: number;
  #filledAtMs: number;

  /** @param now a clock in milliseconds, for tests. */
  constructor(
    private readonly limits: { readonly burst: number; readonly perMinute: number },
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#tokens = limits.burst;
    this.#filledAtMs = now();
  }

  /** @returns 0 when this one may pass, else after how many milliseconds the next one may. */
  take(): number {
    const nowMs = this.now();
    const perMs = this.limits.perMinute / 60_000;
    this.#tokens = Math.min(this.limits.burst, this.#tokens + (nowMs - this.#filledAtMs) * perMs);
    this.#filledAtMs = nowMs;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    return (1 - this.#tokens) / perMs;
  }
}
