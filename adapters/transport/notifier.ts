/** Wakes waiters when something changed. Waits never pile up: each removes its own traces. */
export class Notifier {
  readonly #waiters = new Set<() => void>();

  /** Wakes everybody who waits now. */
  notify(): void {
    for (const wake of [...this.#waiters]) wake();
  }

  /**
   * Resolves at the next {@link notify}, when `signal` aborts, or after `timeoutMs`.
   * Never rejects: whoever wakes looks at the state again.
   */
  wait(signal: AbortSignal, timeoutMs?: number): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              wake();
            }, timeoutMs);
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#waiters.delete(wake);
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
      this.#waiters.add(wake);
    });
  }
}
