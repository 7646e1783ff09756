import { z } from 'zod';
import { CustomHTTPTTSAdapter } from '../../adapters/tts/streaming-http-tts-adapter.js';
import {
  needsKeyWithoutBaseUrl,
  OPENAI_BASE_URL,
  openaiEnv,
  openaiOptions,
} from '../openai-options.js';
import { defineTTSProvider } from '../provider-definition.js';

const OPENAI_VOICES = [
  ...['alloy', 'ash', 'ballad', 'coral', 'echo', 'fable'],
  ...['nova', 'onyx', 'sage', 'shimmer', 'verse'],
];

/**
 * OpenAI's voices, or a server that speaks its protocol. On our adapter, not the native plugin:
 * that one waits for the whole body before it plays (docs/decisions/0003).
 */
export const openaiTTS = defineTTSProvider({
  id: 'openai',
  title: 'OpenAI, or a server that speaks its protocol',
  options: z
    .strictObject({
      ...openaiOptions,
      model: z.string().min(1).default('gpt-4o-mini-tts'),
      voice: z.string().min(1).default('alloy'),
      speed: z.number().min(0.25).max(4).default(1),
    })
    .superRefine(needsKeyWithoutBaseUrl),
  env: {
    ...openaiEnv('TTS'),
    model: { names: ['OPENAI_TTS_MODEL'], description: 'Speech model.' },
    voice: { names: ['OPENAI_TTS_VOICE'], description: 'Voice.' },
    speed: { names: ['OPENAI_TTS_SPEED'], description: 'Speaking rate, 1 is natural.' },
  },
  capabilities: { usesLocalEndpoint: false, streamingAudio: true },
  // https://platform.openai.com/docs/guides/text-to-speech#voice-options; a server of one's own has others.
  voices: {
    option: 'voice',
    list: ({ baseUrl, voice }) => ({ names: baseUrl === undefined ? OPENAI_VOICES : [voice] }),
  },
  create: ({ baseUrl, ...options }) =>
    new CustomHTTPTTSAdapter({
      ...options,
      endpointUrl: `${baseUrl ?? OPENAI_BASE_URL}/audio/speech`,
      sampleRate: 24_000,
    }),
});
