import { z } from 'zod';

/** Formats that the local endpoint can answer a speech request with. OpenAI's aac and flac are not among them. */
export const SPEECH_FORMATS = ['mp3', 'opus', 'wav', 'pcm'] as const;

/** Rates that `sample_rate` may ask for, in Hz. OpenAI's pcm is 24 kHz, hence the default. */
export const SPEECH_MIN_RATE = 8000;
export const SPEECH_MAX_RATE = 48_000;
export const SPEECH_DEFAULT_RATE = 24_000;

/**
 * Body of OpenAI's `POST /v1/audio/speech`, with `sample_rate` as an extra. Fields that are not known are ignored, as OpenAI's
 * clients send new ones from time to time.
 */
export const speechRequest = z.object({
  input: z.string(),
  /** Ignored by a server with one model: clients send `tts-1` and the like. */
  model: z.string().max(200).optional(),
  voice: z
    .union([z.string().max(200), z.object({ id: z.string().max(200) }).transform(({ id }) => id)])
    .optional(),
  response_format: z
    .enum(SPEECH_FORMATS, `must be one of ${SPEECH_FORMATS.join(', ')}`)
    .default('mp3'),
  /** `sse`: the same audio in base64 as server-sent events. */
  stream_format: z.enum(['audio', 'sse'], 'must be audio or sse').default('audio'),
  speed: z.number().min(0.25).max(4).default(1),
  sample_rate: z
    .number()
    .int()
    .min(SPEECH_MIN_RATE)
    .max(SPEECH_MAX_RATE)
    .default(SPEECH_DEFAULT_RATE),
});

export type SpeechRequest = z.output<typeof speechRequest>;
export type SpeechFormat = SpeechRequest['response_format'];
