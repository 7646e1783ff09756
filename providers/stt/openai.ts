import { STT } from '@livekit/agents-plugin-openai';
import { z } from 'zod';
import { CustomHTTPSTTAdapter } from '../../adapters/stt/custom-http-stt-adapter.js';
import { NO_KEY } from '../jetson-options.js';
import {
  needsKeyWithoutBaseUrl,
  OPENAI_BASE_URL,
  openaiEnv,
  openaiOptions,
} from '../openai-options.js';
import { languageTag } from '../option-schemas.js';
import { defineSTTProvider } from '../provider-definition.js';

/** Few self-hosted servers have the realtime socket, so theirs is the plain request unless told otherwise. */
const usesRealtime = (options: {
  realtime?: boolean | undefined;
  baseUrl?: string | undefined;
}): boolean => options.realtime ?? options.baseUrl === undefined;

/** OpenAI, or a server that speaks its protocol, through LiveKit's own plugin; one request an utterance through our adapter. */
export const openaiSTT = defineSTTProvider({
  id: 'openai',
  title: 'OpenAI, or a server that speaks its protocol',
  options: z
    .strictObject({
      ...openaiOptions,
      model: z.string().min(1).optional(),
      language: languageTag.default('en'),
      realtime: z.boolean().optional(),
    })
    .superRefine(needsKeyWithoutBaseUrl),
  env: {
    ...openaiEnv('STT'),
    model: {
      names: ['OPENAI_STT_MODEL'],
      description: 'Recognition model. Default: the plugin’s for the chosen mode.',
      example: 'gpt-4o-transcribe',
    },
    language: { names: ['OPENAI_STT_LANGUAGE'], description: 'Language spoken.' },
    realtime: {
      names: ['OPENAI_STT_REALTIME'],
      description:
        'true: stream over the realtime WebSocket; false: one request an utterance. Default: true for OpenAI itself.',
    },
  },
  capabilities: { usesLocalEndpoint: false, interimResults: true, streaming: true },
  create: (options) => {
    const { baseUrl, model, language, apiKey } = options;
    if (!usesRealtime(options)) {
      // Not the plugin's: that one needs a wrapper that loses utterances (docs/decisions/0006).
      return new CustomHTTPSTTAdapter({
        endpointUrl: `${baseUrl ?? OPENAI_BASE_URL}/audio/transcriptions`,
        model: model ?? 'whisper-1',
        language,
        apiKey,
      });
    }
    return new STT({
      language,
      apiKey: apiKey ?? NO_KEY,
      useRealtime: true,
      ...(model === undefined ? {} : { model }),
      ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    });
  },
});
