import { z } from 'zod';
import { CustomHTTPSTTAdapter } from '../../adapters/stt/custom-http-stt-adapter.js';
import { deepgramHttpProtocol } from '../../adapters/stt/protocols/deepgram-http-protocol.js';
import { createGoogleHttpProtocol } from '../../adapters/stt/protocols/google-http-protocol.js';
import type { HttpSTTProtocol } from '../../adapters/stt/protocols/http-stt-protocol.js';
import { openaiHttpProtocol } from '../../adapters/stt/protocols/openai-http-protocol.js';
import { apiKey, httpUrl, languageTag, timeoutMs } from '../option-schemas.js';
import { defineSTTProvider } from '../provider-definition.js';

/** The message formats that a custom HTTP endpoint may have, by the name in the configuration. */
const protocols = {
  openai: openaiHttpProtocol,
  deepgram: deepgramHttpProtocol,
  google: createGoogleHttpProtocol(),
} as const satisfies Record<string, HttpSTTProtocol>;

const names = Object.keys(protocols) as (keyof typeof protocols)[];

/** Any HTTP endpoint that takes one request an utterance, a vendor's included. */
export const customHttpSTT = defineSTTProvider({
  id: 'custom-http',
  title: 'Any HTTP transcription endpoint',
  options: z.strictObject({
    endpointUrl: httpUrl,
    apiKey: apiKey.optional(),
    model: z.string().min(1).optional(),
    language: languageTag.optional(),
    requestTimeoutMs: timeoutMs.default(30_000),
    protocol: z.enum(names).default('openai'),
  }),
  env: {
    endpointUrl: {
      names: ['CUSTOM_HTTP_STT_URL'],
      description:
        'Full address that each utterance is posted to. Default: the vendor’s, where the protocol is a vendor’s.',
      example: 'https://speech.example.com/v1/audio/transcriptions',
      derive: ({ CUSTOM_HTTP_STT_PROTOCOL: chosen }) => {
        const name = names.find((candidate) => candidate === chosen);
        return name === undefined ? undefined : protocols[name].defaultUrl;
      },
    },
    apiKey: {
      names: ['CUSTOM_HTTP_STT_API_KEY'],
      description: 'Key, sent as the protocol wants it.',
      secret: true,
    },
    model: { names: ['CUSTOM_HTTP_STT_MODEL'], description: 'Recognition model.' },
    language: { names: ['CUSTOM_HTTP_STT_LANGUAGE'], description: 'Language spoken, such as en.' },
    requestTimeoutMs: {
      names: ['CUSTOM_HTTP_STT_TIMEOUT_MS'],
      description: 'Time limit for one request, in ms.',
    },
    protocol: {
      names: ['CUSTOM_HTTP_STT_PROTOCOL'],
      description: 'What the endpoint speaks (docs/adapters.md).',
    },
  },
  capabilities: { usesLocalEndpoint: false, interimResults: false, streaming: false },
  create: ({ protocol, ...options }) =>
    new CustomHTTPSTTAdapter({ ...options, protocol: protocols[protocol] }),
});
