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
} satisfies z.ZodRawShape;
