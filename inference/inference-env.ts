import { z } from 'zod';

/** The endpoint's own variables, kept apart from the rest so that a box without the agent needs nothing else. */
export const inferenceEnv = {
  INFERENCE_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address the inference endpoint listens on.'),
  INFERENCE_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(8800)
    .describe('Port of the inference endpoint (0: any free one).'),
  INFERENCE_API_KEY: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Key that clients of the inference endpoint must send. Needed on any address but loopback.',
    )
    .meta({ secret: true }),
  INFERENCE_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe(
      'Threads an engine may use. Default: half the cores, at most 4; speech-to-text uses all that are free.',
    ),
  INFERENCE_STT_MODEL: z
    .string()
    .default('whisper-tiny.en')
    .describe('Speech-to-text model (npm run models lists them).'),
  INFERENCE_TTS_MODEL: z
    .string()
    .default('piper-en_US-joe-medium')
    .describe('Text-to-speech model.'),
  INFERENCE_LLM_MODEL: z.string().default('smollm2-135m-instruct').describe('Language model.'),
  INFERENCE_MODELS_DIR: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder with models of your own, one folder each. Default: own-models in the cache directory.',
    ),
  INFERENCE_PRELOAD: z
    .string()
    .default('stt,tts,llm')
    .transform((text) => text.split(',').map((kind) => kind.trim()))
    .pipe(z.array(z.enum(['stt', 'tts', 'llm'])))
    .describe('What is loaded at start, of stt, tts, llm; the rest when it is first wanted.'),
  INFERENCE_IDLE_UNLOAD_S: z.coerce
    .number()
    .min(1)
    .optional()
    .describe('Seconds without use after which a model leaves the memory. Default: never.'),
  INFERENCE_MEMORY_MB: z.coerce
    .number()
    .min(100)
    .optional()
    .describe(
      'Memory the endpoint may take, in MB: /load_model refuses a model that does not fit. Default: no cap.',
    ),
} satisfies z.ZodRawShape;
