import { TTS } from '@livekit/agents-plugin-deepgram';
import { z } from 'zod';
import { apiKey, httpUrl } from '../option-schemas.js';
import { defineTTSProvider } from '../provider-definition.js';

const DEEPGRAM_VOICES = ['thalia', 'andromeda', 'helena', 'apollo', 'arcas', 'aries'].map(
  (name) => `aura-2-${name}-en`,
);

const withFirst = (first: string, others: readonly string[]): string[] => [
  ...new Set([first, ...others]),
];

/** Deepgram's voices through LiveKit's own plugin. */
export const deepgramTTS = defineTTSProvider({
  id: 'deepgram',
  title: 'Deepgram',
  options: z.strictObject({
    apiKey,
    model: z.string().min(1).default('aura-2-andromeda-en'),
    baseUrl: httpUrl.optional(),
  }),
  env: {
    apiKey: {
      names: ['DEEPGRAM_API_KEY'],
      description: 'Key of a Deepgram project.',
      secret: true,
    },
    model: { names: ['DEEPGRAM_TTS_MODEL'], description: 'Voice model.' },
    baseUrl: {
      names: ['DEEPGRAM_TTS_URL'],
      description: 'Another address that speaks the same protocol.',
      example: 'https://api.eu.deepgram.com',
    },
  },
  capabilities: { usesLocalEndpoint: false, streamingAudio: true },
  // https://developers.deepgram.com/docs/tts-models: a model is a voice. The English ones it features.
  voices: { option: 'model', list: ({ model }) => ({ names: withFirst(model, DEEPGRAM_VOICES) }) },
  create: ({ baseUrl, ...options }) =>
    new TTS({ ...options, ...(baseUrl === undefined ? {} : { baseUrl }) }),
});
