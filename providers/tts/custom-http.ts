import { z } from 'zod';
import { CustomHTTPTTSAdapter } from '../../adapters/tts/streaming-http-tts-adapter.js';
import { apiKey, httpUrl, sampleRate, timeoutMs } from '../option-schemas.js';
import { defineTTSProvider } from '../provider-definition.js';

/** Any HTTP endpoint that takes OpenAI's speech request and answers with PCM or WAV. */
export const customHttpTTS = defineTTSProvider({
  id: 'custom-http',
  title: 'Any HTTP speech endpoint',
  options: z.strictObject({
    endpointUrl: httpUrl,
    apiKey: apiKey.optional(),
    model: z.string().min(1).optional(),
    voice: z.string().min(1).optional(),
    sampleRate: sampleRate.default(24_000),
    requestTimeoutMs: timeoutMs.default(30_000),
  }),
  env: {
    endpointUrl: {
      names: ['CUSTOM_HTTP_TTS_URL'],
      description: 'Full address that each piece of text is posted to.',
      example: 'https://speech.example.com/v1/audio/speech',
    },
    apiKey: {
      names: ['CUSTOM_HTTP_TTS_API_KEY'],
      description: 'Key sent as a bearer token.',
      secret: true,
    },
    model: { names: ['CUSTOM_HTTP_TTS_MODEL'], description: 'Model name sent along.' },
    voice: { names: ['CUSTOM_HTTP_TTS_VOICE'], description: 'Voice name sent along.' },
    sampleRate: {
      names: ['CUSTOM_HTTP_TTS_SAMPLE_RATE'],
      description: 'Sample rate of the PCM it answers with, in Hz.',
    },
    requestTimeoutMs: {
      names: ['CUSTOM_HTTP_TTS_TIMEOUT_MS'],
      description: 'Time limit for one request, in ms.',
    },
  },
  capabilities: { usesLocalEndpoint: false, streamingAudio: true },
  create: (options) => new CustomHTTPTTSAdapter(options),
});
