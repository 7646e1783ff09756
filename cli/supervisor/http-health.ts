import type { Health } from './part.js';

/** Asks a part over HTTP; any 2xx answer is ready. */
export function httpHealth(
  url: string,
  readDetail?: (body: unknown) => string | undefined,
): (signal: AbortSignal) => Promise<Health> {
  return async (signal) => {
    const response = await fetch(url, { signal });
    if (response.ok) {
      await response.body?.cancel();
      return { ready: true };
    }
    const body: unknown = await response.json().catch(() => undefined);
    const detail = readDetail?.(body);
    return detail === undefined ? { ready: false } : { ready: false, detail };
  };
}
