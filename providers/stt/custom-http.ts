import { z } from 'zod';
import { CustomHTTPSTTAdapter } from '../../adapters/stt/custom-http-stt-adapter.js';
import { apiKey, httpUrl, languageTag, timeoutMs } from '../option-schemas.js';
import { defineSTTProvider } from '../provider-definition.js';

/** Any HTTP endpoint that takes OpenAI's multipart transcription request. */
export const customHttpSTT = defineSTTProvider({
  id: 'custom-http',
  title: 'Any HTTP transcription endpoint',
  options: z.strictObject({
    endpointUrl: httpUrl,
    apiKey: apiKey.optional(),
    model: z.string().min(1).optional(),
    language: languageTag.optional(),
    requestTimeoutMs: timeoutMs.default(30_000),
  }),
  env: {
    endpointUrl: {
      names: ['CUSTOM_HTTP_STT_URL'],
      description: 'Full address that each utterance is posted to.',
      example: 'https://speech.example.com/v1/audio/transcriptions',
    },
    apiKey: {
      names: ['CUSTOM_HTTP_STT_API_KEY'],
      description: 'Key sent as a bearer token.',
      secret: true,
    },
    model: { names: ['CUSTOM_HTTP_STT_MODEL'], description: 'Model name sent along.' },
    language: { names: ['CUSTOM_HTTP_STT_LANGUAGE'], description: 'Language spoken, such as en.' },
    requestTimeoutMs: {
      names: ['CUSTOM_HTTP_STT_TIMEOUT_MS'],
      description: 'Time limit for one request, in ms.',
    },
  },
  capabilities: { usesLocalEndpoint: false, interimResults: false, streaming: false },
  create: (options) => new CustomHTTPSTTAdapter(options),
});
