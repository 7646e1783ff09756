import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  startInference,
  type RunningInference,
  type StartInferenceOptions,
} from '../../inference/start-inference.js';

/** Where `npm run models` keeps the models. */
export const testCacheDir = (): string =>
  process.env.EARSHOT_CACHE_DIR ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'earshot');

/** The endpoint with the default models on a free port of this machine, loaded and warm. */
export const startTestEndpoint = async (
  options: Partial<StartInferenceOptions> = {},
): Promise<RunningInference> => {
  const endpoint = await startInference({
    host: '127.0.0.1',
    port: 0,
    sttModel: 'whisper-tiny.en',
    ttsModel: 'piper-en_US-joe-medium',
    llmModel: 'smollm2-135m-instruct',
    cacheDir: testCacheDir(),
    ...options,
  });
  await endpoint.ready;
  return endpoint;
};
