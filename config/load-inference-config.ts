import { z } from 'zod';
import { inferenceEnv } from '../inference/inference-env.js';
import { ConfigError } from './config-error.js';
import { describeIssue } from './describe-issue.js';
import { cacheDirectory, readVariables, type VariableSources } from './read-variables.js';

/** The endpoint's own variables and the two it shares with the other parts, which env-schema.ts describes. */
const schema = z.object({
  ...inferenceEnv,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
});

/** What `npm run inference` needs to know. */
export interface InferenceConfig {
  readonly host: string;
  readonly port: number;
  readonly apiKey: string | undefined;
  readonly threads: number | undefined;
  readonly sttModel: string;
  readonly ttsModel: string;
  readonly llmModel: string;
  readonly modelsDir: string | undefined;
  readonly preload: z.output<typeof schema>['INFERENCE_PRELOAD'];
  readonly idleUnloadS: number | undefined;
  readonly memoryMb: number | undefined;
  /** Absolute path. */
  readonly cacheDir: string;
  readonly logLevel: z.output<typeof schema>['LOG_LEVEL'];
}

/**
 * Reads and checks what the inference endpoint alone needs. Apart from load-config.ts because that one loads every provider's
 * plugin, which a box that only serves speech has no memory for.
 *
 * @throws {ConfigError} with every problem at once; never with a secret.
 */
export const loadInferenceConfig = (sources: VariableSources = {}): InferenceConfig => {
  const variables = readVariables(sources);
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => {
        const where = String(issue.path[0]);
        const secret = where === 'INFERENCE_API_KEY';
        return { where, problem: describeIssue(issue, variables[where], secret) };
      }),
    );
  }
  const { data } = parsed;
  return {
    host: data.INFERENCE_HOST,
    port: data.INFERENCE_PORT,
    apiKey: data.INFERENCE_API_KEY,
    threads: data.INFERENCE_THREADS,
    sttModel: data.INFERENCE_STT_MODEL,
    ttsModel: data.INFERENCE_TTS_MODEL,
    llmModel: data.INFERENCE_LLM_MODEL,
    modelsDir: data.INFERENCE_MODELS_DIR,
    preload: data.INFERENCE_PRELOAD,
    idleUnloadS: data.INFERENCE_IDLE_UNLOAD_S,
    memoryMb: data.INFERENCE_MEMORY_MB,
    cacheDir: cacheDirectory(variables),
    logLevel: data.LOG_LEVEL,
  };
};
