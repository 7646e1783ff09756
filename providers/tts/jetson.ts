import { z } from 'zod';
import { CustomHTTPTTSAdapter } from '../../adapters/tts/streaming-http-tts-adapter.js';
import { jetsonEnv, jetsonHealthUrl, jetsonOptions, modelName } from '../jetson-options.js';
import { defineTTSProvider } from '../provider-definition.js';

/** The voices of this project's own endpoint, played as they are made. */
export const jetsonTTS = defineTTSProvider({
  id: 'jetson',
  title: 'Your own inference endpoint',
  options: z.strictObject({
    ...jetsonOptions,
    model: modelName.default('piper-en_US-joe-medium'),
    voice: modelName.default('joe'),
    speed: z.number().min(0.5).max(2).default(1),
  }),
  env: {
    ...jetsonEnv,
    model: {
      names: ['JETSON_TTS_MODEL'],
      description: 'Speech model, as its /v1/models lists it.',
    },
    voice: { names: ['JETSON_TTS_VOICE'], description: 'Voice, as its /v1/audio/voices lists it.' },
    speed: { names: ['JETSON_TTS_SPEED'], description: 'Speaking rate, 1 is natural.' },
  },
  capabilities: { usesLocalEndpoint: true, streamingAudio: true },
  healthUrl: jetsonHealthUrl,
  voices: {
    option: 'voice',
    list: ({ url, apiKey }) => ({ url: `${url}/v1/audio/voices`, apiKey }),
  },
  create: ({ url, ...options }) =>
    new CustomHTTPTTSAdapter({
      ...options,
      endpointUrl: `${url}/v1/audio/speech`,
      sampleRate: 24_000,
    }),
});
