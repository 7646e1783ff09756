/** A signal that follows others until it is disposed of. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  /** Removes every listener and timer. */
  readonly dispose: () => void;
}

/**
 * Aborts when one of `sources` does, or after `timeoutMs`.
 *
 * `AbortSignal.any` and `AbortSignal.timeout` leave entries in long-lived sources until garbage is
 * collected; over thousands of requests that adds up, so this is undone by hand.
 */
export const linkAbort = (
  sources: readonly (AbortSignal | undefined)[],
  timeoutMs?: number,
): LinkedAbort => {
  const controller = new AbortController();
  const onAbort = (): void => {
    controller.abort();
  };
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          controller.abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError'));
        }, timeoutMs);
  for (const source of sources) {
    if (source?.aborted) controller.abort();
    source?.addEventListener('abort', onAbort, { once: true });
  }
  return {
    signal: controller.signal,
    dispose: () => {
      clearTimeout(timer);
      for (const source of sources) source?.removeEventListener('abort', onAbort);
    },
  };
};
