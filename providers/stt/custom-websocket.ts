import { z } from 'zod';
import { CustomWebSocketSTTAdapter } from '../../adapters/stt/custom-websocket-stt-adapter.js';
import { earshotProtocol } from '../../adapters/stt/protocols/earshot-protocol.js';
import { apiKey, languageTag, sampleRate, webSocketUrl } from '../option-schemas.js';
import { defineSTTProvider } from '../provider-definition.js';

/** The wire protocols that a custom WebSocket endpoint may speak, by the name in the configuration. */
const protocols = { earshot: earshotProtocol } as const;

/** Any streaming WebSocket endpoint. */
export const customWebSocketSTT = defineSTTProvider({
  id: 'custom-websocket',
  title: 'Any streaming WebSocket endpoint',
  options: z.strictObject({
    wsUrl: webSocketUrl,
    apiKey: apiKey.optional(),
    language: languageTag.optional(),
    sampleRate: sampleRate.default(16_000),
    protocol: z.enum(['earshot']).default('earshot'),
  }),
  env: {
    wsUrl: {
      names: ['CUSTOM_WS_URL'],
      description: 'Address of the WebSocket.',
      example: 'wss://speech.example.com/v1/stream',
    },
    apiKey: { names: ['CUSTOM_WS_API_KEY'], description: 'Key for the endpoint.', secret: true },
    language: { names: ['CUSTOM_WS_LANGUAGE'], description: 'Language spoken, such as en.' },
    sampleRate: {
      names: ['CUSTOM_WS_SAMPLE_RATE'],
      description: 'Sample rate of the audio sent, in Hz.',
    },
    protocol: {
      names: ['CUSTOM_WS_PROTOCOL'],
      description: 'What the endpoint speaks (earshot: protocol/PROTOCOL.md).',
    },
  },
  capabilities: { usesLocalEndpoint: false, interimResults: true, streaming: true },
  create: ({ protocol, ...options }) =>
    new CustomWebSocketSTTAdapter({ ...options, protocol: protocols[protocol] }),
});
