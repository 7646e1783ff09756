import { STT } from '@livekit/agents-plugin-deepgram';
import { z } from 'zod';
import { apiKey, languageTag, webSocketUrl } from '../option-schemas.js';
import { defineSTTProvider } from '../provider-definition.js';

/**
 * Deepgram through LiveKit's own plugin. With our replay: `custom-websocket`, protocol `deepgram`.
 */
export const deepgramSTT = defineSTTProvider({
  id: 'deepgram',
  title: 'Deepgram',
  options: z.strictObject({
    apiKey,
    model: z.string().min(1).default('nova-3'),
    language: languageTag.default('en-US'),
    baseUrl: webSocketUrl.optional(),
  }),
  env: {
    apiKey: {
      names: ['DEEPGRAM_API_KEY'],
      description: 'Key of a Deepgram project.',
      secret: true,
    },
    model: { names: ['DEEPGRAM_STT_MODEL'], description: 'Recognition model.' },
    language: { names: ['DEEPGRAM_LANGUAGE'], description: 'Language spoken.' },
    baseUrl: {
      names: ['DEEPGRAM_STT_URL'],
      description: 'Another server that speaks the same protocol, without /v1/listen.',
      example: 'wss://api.eu.deepgram.com',
    },
  },
  capabilities: { usesLocalEndpoint: false, interimResults: true, streaming: true },
  create: ({ baseUrl, ...options }) =>
    new STT({ ...options, ...(baseUrl === undefined ? {} : { baseUrl }) }),
});
