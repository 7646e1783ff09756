import { z } from 'zod';
import type { HttpSTTProtocol } from './http-stt-protocol.js';
import { parseJsonAnswer } from './parse-json-answer.js';

/** Google insists on a language; this is its own default elsewhere. */
const DEFAULT_LANGUAGE = 'en-US';
/** What Google's OAuth access tokens begin with; everything else is an API key. */
const ACCESS_TOKEN = /^ya29\./;

/** A protobuf duration in JSON, such as `1.300s`. */
const durationMs = z
  .string()
  .regex(/^\d+(\.\d+)?s$/)
  .transform((text) => Number.parseFloat(text) * 1000);

/** Silence is answered without `results`. Unknown fields are ignored. */
const answer = z.object({
  results: z
    .array(
      z.object({
        languageCode: z.string().optional(),
        alternatives: z
          .array(
            z.object({
              transcript: z.string().default(''),
              confidence: z.number().optional(),
              words: z
                .array(
                  z.object({
                    word: z.string(),
                    startTime: durationMs.default(0),
                    endTime: durationMs.default(0),
                  }),
                )
                .default([]),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/**
 * Google Cloud's `POST https://speech.googleapis.com/v1/speech:recognize`
 * (docs.cloud.google.com/speech-to-text/docs/reference/rest/v1/speech/recognize): JSON with the WAV
 * as base64. The key is an API key (`x-goog-api-key`, not in the address, which gets logged) or an
 * OAuth access token; `projectId` is the project that a token's requests are billed to. Takes up to 60 s of audio; the adapter's utterances end at 30 s.
 */
export const createGoogleHttpProtocol = (
  options: { projectId?: string | undefined } = {},
): HttpSTTProtocol & { readonly defaultUrl: string } => ({
  name: 'google',
  defaultUrl: 'https://speech.googleapis.com/v1/speech:recognize',
  request: (wav, { endpointUrl, apiKey, model, language, sampleRate }) => ({
    url: endpointUrl,
    body: JSON.stringify({
      config: {
        encoding: 'LINEAR16',
        sampleRateHertz: sampleRate,
        languageCode: language ?? DEFAULT_LANGUAGE,
        enableWordTimeOffsets: true,
        enableAutomaticPunctuation: true,
        ...(model === undefined ? {} : { model }),
      },
      audio: { content: Buffer.from(wav).toString('base64') },
    }),
    headers: {
      'content-type': 'application/json',
      ...authorization(apiKey),
      ...(options.projectId === undefined ? {} : { 'x-goog-user-project': options.projectId }),
    },
  }),
  parseAnswer: (bytes, _contentType, context) => {
    const { results } = parseJsonAnswer(bytes, answer, context);
    const best = results.flatMap(({ alternatives }) => alternatives.slice(0, 1));
    const words = best.flatMap((alternative) =>
      alternative.words.map(({ word, startTime, endTime }) => ({
        text: word,
        startMs: startTime,
        endMs: endTime,
      })),
    );
    const sure = best.flatMap(({ confidence }) => (confidence === undefined ? [] : [confidence]));
    const language = results[0]?.languageCode;
    return {
      text: best.map(({ transcript }) => transcript.trim()).join(' '),
      ...(language === undefined ? {} : { language }),
      ...(sure.length === 0 ? {} : { confidence: Math.min(...sure) }),
      ...(words.length === 0 ? {} : { words }),
    };
  },
});

const authorization = (apiKey: string | undefined): Record<string, string> => {
  if (apiKey === undefined) return {};
  return ACCESS_TOKEN.test(apiKey)
    ? { authorization: `Bearer ${apiKey}` }
    : { 'x-goog-api-key': apiKey };
};
