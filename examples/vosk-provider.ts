import { z } from 'zod';
import { languageTag, webSocketUrl } from '../providers/option-schemas.js';
import { defineSTTProvider } from '../providers/provider-definition.js';
import { VoskSTT } from './vosk-stt.js';

/** vosk-server: recognition on a small machine of one's own. */
export const voskSTT = defineSTTProvider({
  id: 'vosk',
  title: 'vosk-server',
  options: z.strictObject({
    wsUrl: webSocketUrl.default('ws://127.0.0.1:2700'),
    language: languageTag.optional(),
  }),
  env: {
    wsUrl: { names: ['VOSK_URL'], description: 'Address of vosk-server.' },
    language: { names: ['VOSK_LANGUAGE'], description: 'Language of its model, such as en.' },
  },
  capabilities: { usesLocalEndpoint: false, interimResults: true, streaming: true },
  create: (options) => new VoskSTT(options),
});
