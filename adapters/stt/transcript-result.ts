import { createTimedString, normalizeLanguage, stt } from '@livekit/agents';
import { z } from 'zod';
import { createAdapterError } from '../adapter-error.js';
import { excerpt, type FailureContext } from '../to-api-error.js';
import type { TranscriptWord } from './transcript-event.js';

/** What one request returned. Times in ms from the beginning of the audio that was sent. */
export interface TranscriptResult {
  readonly text: string;
  /** BCP 47 tag or English name, if the service says. */
  readonly language?: string;
  /** 0 to 1, if the service says. */
  readonly confidence?: number;
  readonly words?: readonly TranscriptWord[];
}

/** OpenAI's `json` and `verbose_json`; times in seconds. Unknown fields are ignored. */
const openAIBody = z.object({
  text: z.string(),
  language: z.string().optional(),
  words: z.array(z.object({ word: z.string(), start: z.number(), end: z.number() })).optional(),
});

/**
 * Reads the body of an OpenAI-style transcription: JSON with `text`, or plain text.
 *
 * @throws {AdapterError} `empty-response`, or `bad-response` with the beginning of what came
 */
export const parseTranscription = (
  bytes: Uint8Array,
  contentType: string | undefined,
  context: FailureContext,
): TranscriptResult => {
  // Not fatal: a broken byte becomes U+FFFD and the other words survive.
  const body = new TextDecoder('utf-8').decode(bytes);
  if (body.trim() === '' && !contentType?.startsWith('text/plain')) {
    throw createAdapterError({
      code: 'empty-response',
      message: `${context.what} was answered with an empty body`,
    });
  }
  const refuse = (why: string): never => {
    throw createAdapterError({
      code: 'bad-response',
      message: `${context.what} was answered with ${why} ("${excerpt(body, context.secrets)}")`,
    });
  };
  if (/^\s*</.test(body)) return refuse('a web page');
  if (contentType?.startsWith('text/plain') && !/^\s*\{/.test(body)) return { text: body.trim() };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return refuse(`${contentType ?? 'something'} that is not JSON`);
  }
  if (typeof json === 'string') return { text: json };
  const parsed = openAIBody.safeParse(json);
  if (!parsed.success) return refuse('JSON without a "text"');
  const { text, language, words } = parsed.data;
  return {
    text,
    ...(language === undefined ? {} : { language }),
    ...(words === undefined
      ? {}
      : {
          words: words.map(({ word, start, end }) => ({
            text: word,
            startMs: start * 1000,
            endMs: end * 1000,
          })),
        }),
  };
};

/** Where the audio of a result lies, in seconds on the stream's clock. */
export interface AudioSpan {
  readonly startS: number;
  readonly endS: number;
}

/** A result as the framework's final event. The text may be empty: the caller decides. */
export const toFinalEvent = (
  result: TranscriptResult,
  span: AudioSpan,
  language: string | undefined,
  requestId: string,
): stt.SpeechEvent => ({
  type: stt.SpeechEventType.FINAL_TRANSCRIPT,
  requestId,
  alternatives: [
    {
      text: result.text.trim(),
      language: normalizeLanguage(result.language ?? language ?? ''),
      startTime: span.startS,
      endTime: span.endS,
      // The framework wants a number; like its own plugins, 0 stands for "not said".
      confidence: result.confidence ?? 0,
      ...(result.words === undefined
        ? {}
        : {
            words: result.words.map((word) =>
              createTimedString({
                text: word.text,
                startTime: span.startS + word.startMs / 1000,
                endTime: span.startS + word.endMs / 1000,
                ...(word.confidence === undefined ? {} : { confidence: word.confidence }),
              }),
            ),
          }),
    },
  ],
});
