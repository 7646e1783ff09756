import { z } from 'zod';
import type { HttpSTTProtocol } from './http-stt-protocol.js';
import { parseJsonAnswer } from './parse-json-answer.js';
import { withQuery } from './with-query.js';

/** Used when no model is configured. */
const DEFAULT_MODEL = 'nova-3';

/** Times in seconds. Unknown fields are ignored. */
const answer = z.object({
  results: z.object({
    channels: z.array(
      z.object({
        detected_language: z.string().optional(),
        alternatives: z.array(
          z.object({
            transcript: z.string(),
            confidence: z.number().optional(),
            words: z
              .array(
                z.object({
                  word: z.string(),
                  punctuated_word: z.string().optional(),
                  start: z.number(),
                  end: z.number(),
                  confidence: z.number().optional(),
                }),
              )
              .default([]),
          }),
        ),
      }),
    ),
  }),
});

/**
 * Deepgram's `POST https://api.deepgram.com/v1/listen` for recordings: the WAV is the body, options
 * are in the query (what the address has there wins), the key is `Authorization: Token KEY`.
 */
export const deepgramHttpProtocol: HttpSTTProtocol & { readonly defaultUrl: string } = {
  name: 'deepgram',
  defaultUrl: 'https://api.deepgram.com/v1/listen',
  request: (wav, { endpointUrl, apiKey, model, language }) => ({
    url: withQuery(
      endpointUrl,
      {},
      { model: model ?? DEFAULT_MODEL, language, smart_format: true },
    ),
    body: wav,
    headers: {
      'content-type': 'audio/wav',
      ...(apiKey === undefined ? {} : { authorization: `Token ${apiKey}` }),
    },
  }),
  parseAnswer: (bytes, _contentType, context) => {
    const [channel] = parseJsonAnswer(bytes, answer, context).results.channels;
    const best = channel?.alternatives[0];
    const language = channel?.detected_language;
    return {
      text: best?.transcript ?? '',
      ...(language === undefined ? {} : { language }),
      ...(best?.confidence === undefined ? {} : { confidence: best.confidence }),
      ...(best === undefined || best.words.length === 0
        ? {}
        : {
            words: best.words.map(({ word, punctuated_word, start, end, confidence }) => ({
              text: punctuated_word ?? word,
              startMs: start * 1000,
              endMs: end * 1000,
              ...(confidence === undefined ? {} : { confidence }),
            })),
          }),
    };
  },
};
