import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { AppConfig } from '../config/load-config.js';
import { findProvider } from '../providers/find-provider.js';
import type { ProviderKind } from '../providers/registry.js';

/** One question to a health address may take this long. */
const PROBE_TIMEOUT_MS = 3000;

/** Pause between questions to a service that is not there yet. */
const PROBE_INTERVAL_MS = 1000;

/** The health addresses of the chosen providers, each once. One that has a fallback is not waited for. */
export const healthUrls = (
  config: Pick<AppConfig, ProviderKind | 'fallbacks'>,
  kinds: readonly ProviderKind[] = ['stt', 'llm', 'tts'],
): string[] => {
  const alone = kinds.filter((kind) => config.fallbacks[kind].length === 0);
  const urls = alone.map((kind) => healthUrl(kind, config[kind]));
  return [...new Set(urls.filter((url) => url !== undefined))];
};

const healthUrl = (kind: ProviderKind, config: { provider: string }): string | undefined => {
  const definition = findProvider(kind, config.provider);
  const { provider: _, ...options } = config;
  return definition.healthUrl?.(definition.options.parse(options));
};

/** Undefined when the service answers 2xx, else what it did instead, for a person. */
export const probe = async (url: string, signal?: AbortSignal): Promise<string | undefined> => {
  const timeout = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  try {
    const { statusCode, body } = await request(url, {
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    await body.dump();
    return statusCode >= 200 && statusCode < 300 ? undefined : `it answers ${statusCode}`;
  } catch (error) {
    if (timeout.aborted) return `no answer within ${PROBE_TIMEOUT_MS} ms`;
    const { code, message } = error as NodeJS.ErrnoException;
    return code ?? message;
  }
};

/**
 * Waits until every chosen provider that can be asked says it is ready.
 * @param onWaiting Told once for each one that is not, with the reason.
 */
export const waitForProviders = async (
  urls: readonly string[],
  onWaiting: (url: string, reason: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  await Promise.all(
    urls.map(async (url) => {
      let told = false;
      for (;;) {
        const reason = await probe(url, signal);
        if (reason === undefined || signal.aborted) return;
        if (!told) onWaiting(url, reason);
        told = true;
        await sleep(PROBE_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
      }
    }),
  );
};
