import { loadConfig, type AppConfig } from '../../config/load-config.js';
import type { Variables } from '../../config/read-variables.js';
import { startInference } from '../../inference/start-inference.js';
import { reachableHost } from '../supervisor/reachable-host.js';

const RUNS_WITHIN_MS = 2000;

/** The configuration to try providers with, and what has to be closed afterwards. */
export interface TrialSetup {
  readonly config: AppConfig;
  readonly note?: string;
  readonly close: () => Promise<void>;
}

/**
 * The endpoint of this machine as it runs, or one that is started for the doctor alone on a free port.
 * @throws when it cannot be started, with what to do
 */
export const withLocalEndpoint = async (
  config: AppConfig,
  variables: Variables,
  signal: AbortSignal,
): Promise<TrialSetup> => {
  const nothing = (): Promise<void> => Promise.resolve();
  if (!config.needsLocalInference) return { config, close: nothing };
  const { host, port, models } = config.inference;
  const health = `http://${reachableHost(host)}:${port}/healthz`;
  const running = await fetch(health, { signal: AbortSignal.timeout(RUNS_WITHIN_MS) }).catch(
    () => undefined,
  );
  await running?.body?.cancel();
  if (running?.ok) return { config, close: nothing };
  const endpoint = await startInference({
    host: '127.0.0.1',
    port: 0,
    sttModel: models.stt,
    ttsModel: models.tts,
    llmModel: models.llm,
    cacheDir: config.cacheDir,
    signal,
  });
  try {
    await endpoint.ready;
  } catch (error) {
    await endpoint.close();
    throw error;
  }
  const env = { ...variables, JETSON_URL: endpoint.url, JETSON_API_KEY: undefined };
  return {
    config: loadConfig({ env, envFile: null }),
    note: 'npm start is not running: the models were loaded for this look alone.',
    close: () => endpoint.close(),
  };
};
