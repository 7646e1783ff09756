import { z } from 'zod';
import { CustomWebSocketSTTAdapter } from '../../adapters/stt/custom-websocket-stt-adapter.js';
import { assemblyaiProtocol } from '../../adapters/stt/protocols/assemblyai-protocol.js';
import { apiKey, languageTag, webSocketUrl } from '../option-schemas.js';
import { defineSTTProvider } from '../provider-definition.js';

/** AssemblyAI's streaming recognition on our adapter. */
export const assemblyaiSTT = defineSTTProvider({
  id: 'assemblyai',
  title: 'AssemblyAI',
  options: z.strictObject({
    apiKey,
    model: z.string().min(1).optional(),
    language: languageTag.optional(),
    wsUrl: webSocketUrl.default(assemblyaiProtocol.defaultUrl),
  }),
  env: {
    apiKey: {
      names: ['ASSEMBLYAI_API_KEY'],
      description: 'Key of an AssemblyAI account.',
      secret: true,
    },
    model: {
      names: ['ASSEMBLYAI_MODEL'],
      description:
        'Recognition model. Default: the English one, or the multilingual one for another language.',
      example: 'universal-streaming-english',
    },
    language: { names: ['ASSEMBLYAI_LANGUAGE'], description: 'Language spoken, such as en.' },
    wsUrl: { names: ['ASSEMBLYAI_URL'], description: 'Address of the service.' },
  },
  capabilities: { usesLocalEndpoint: false, interimResults: true, streaming: true },
  create: (options) => new CustomWebSocketSTTAdapter({ ...options, protocol: assemblyaiProtocol }),
});
