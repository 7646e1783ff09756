import { z } from 'zod';
import { CustomHTTPSTTAdapter } from '../../adapters/stt/custom-http-stt-adapter.js';
import { createGoogleHttpProtocol } from '../../adapters/stt/protocols/google-http-protocol.js';
import { apiKey, httpUrl, languageTag, timeoutMs } from '../option-schemas.js';
import { defineSTTProvider } from '../provider-definition.js';

/** Google Cloud's recognition, one request an utterance, on our adapter. */
export const googleSTT = defineSTTProvider({
  id: 'google',
  title: 'Google Cloud',
  options: z.strictObject({
    apiKey,
    model: z.string().min(1).optional(),
    language: languageTag.default('en-US'),
    projectId: z.string().min(1).optional(),
    endpointUrl: httpUrl.default(createGoogleHttpProtocol().defaultUrl),
    requestTimeoutMs: timeoutMs.default(30_000),
  }),
  env: {
    apiKey: {
      names: ['GOOGLE_STT_API_KEY', 'GOOGLE_API_KEY'],
      description: 'API key with Speech-to-Text, or an OAuth access token.',
      secret: true,
    },
    model: {
      names: ['GOOGLE_STT_MODEL'],
      description: 'Recognition model.',
      example: 'latest_short',
    },
    language: { names: ['GOOGLE_STT_LANGUAGE'], description: 'Language spoken.' },
    projectId: {
      names: ['GOOGLE_STT_PROJECT'],
      description: 'Project that is billed, where the key is an access token.',
    },
    endpointUrl: { names: ['GOOGLE_STT_URL'], description: 'Address of the service.' },
    requestTimeoutMs: {
      names: ['GOOGLE_STT_TIMEOUT_MS'],
      description: 'Time limit for one request, in ms.',
    },
  },
  capabilities: { usesLocalEndpoint: false, interimResults: false, streaming: false },
  create: ({ projectId, ...options }) =>
    new CustomHTTPSTTAdapter({ ...options, protocol: createGoogleHttpProtocol({ projectId }) }),
});
