import { z } from 'zod';

/** Formats that a transcription can be answered in. */
export const TRANSCRIPTION_FORMATS = ['json', 'text', 'verbose_json', 'srt', 'vtt'] as const;

/** Text fields of OpenAI's multipart `POST /v1/audio/transcriptions`; the audio is the part `file`. */
export const transcriptionFields = z.object({
  model: z.string().max(200).optional(),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en or de-CH')
    .optional(),
  prompt: z.string().optional(),
  response_format: z
    .enum(TRANSCRIPTION_FORMATS, `must be one of ${TRANSCRIPTION_FORMATS.join(', ')}`)
    .default('json'),
  temperature: z.coerce.number().min(0).max(1).optional(),
  /** Text as server-sent events while it is recognised; with `json` and `text` only, as OpenAI has it. */
  stream: z
    .enum(['true', 'false', 'True', 'False', '1', '0'], 'must be true or false')
    .default('false')
    .transform((value) => value === '1' || value.toLowerCase() === 'true'),
});

/** What `timestamp_granularities[]` may ask for in verbose_json. */
export const timestampGranularities = z.array(
  z.enum(['word', 'segment'], 'must be word or segment'),
);

export type TimestampGranularity = z.output<typeof timestampGranularities>[number];
export type TranscriptionFields = z.output<typeof transcriptionFields>;
