import { z } from 'zod';
import { CustomWebSocketSTTAdapter } from '../../adapters/stt/custom-websocket-stt-adapter.js';
import { earshotProtocol } from '../../adapters/stt/protocols/earshot-protocol.js';
import { jetsonEnv, jetsonHealthUrl, jetsonOptions, toWebSocketUrl } from '../jetson-options.js';
import { languageTag } from '../option-schemas.js';
import { defineSTTProvider } from '../provider-definition.js';

/** Streaming recognition by this project's own endpoint. */
export const jetsonSTT = defineSTTProvider({
  id: 'jetson',
  title: 'Your own inference endpoint',
  options: z.strictObject({ ...jetsonOptions, language: languageTag.optional() }),
  env: {
    ...jetsonEnv,
    language: { names: ['JETSON_STT_LANGUAGE'], description: 'Language spoken, such as en.' },
  },
  capabilities: { usesLocalEndpoint: true, interimResults: true, streaming: true },
  healthUrl: jetsonHealthUrl,
  create: ({ url, ...options }) =>
    new CustomWebSocketSTTAdapter({
      ...options,
      wsUrl: `${toWebSocketUrl(url)}/v1/stream`,
      sampleRate: 16_000,
      protocol: earshotProtocol,
    }),
});
