import { z } from 'zod';
import { CustomWebSocketSTTAdapter } from '../../adapters/stt/custom-websocket-stt-adapter.js';
import { assemblyaiProtocol } from '../../adapters/stt/protocols/assemblyai-protocol.js';
import { deepgramProtocol } from '../../adapters/stt/protocols/deepgram-protocol.js';
import { earshotProtocol } from '../../adapters/stt/protocols/earshot-protocol.js';
import type { WebSocketSTTProtocol } from '../../adapters/stt/protocols/websocket-stt-protocol.js';
import { apiKey, languageTag, sampleRate, webSocketUrl } from '../option-schemas.js';
import { defineSTTProvider } from '../provider-definition.js';

/** The wire protocols that a custom WebSocket endpoint may speak, by the name in the configuration. */
const protocols = {
  earshot: earshotProtocol,
  deepgram: deepgramProtocol,
  assemblyai: assemblyaiProtocol,
} as const satisfies Record<string, WebSocketSTTProtocol>;

const names = Object.keys(protocols) as (keyof typeof protocols)[];

/** Any streaming WebSocket endpoint, a vendor's included: with our replay in place of its plugin. */
export const customWebSocketSTT = defineSTTProvider({
  id: 'custom-websocket',
  title: 'Any streaming WebSocket endpoint',
  options: z.strictObject({
    wsUrl: webSocketUrl,
    apiKey: apiKey.optional(),
    model: z.string().min(1).optional(),
    language: languageTag.optional(),
    sampleRate: sampleRate.default(16_000),
    protocol: z.enum(names).default('earshot'),
  }),
  env: {
    wsUrl: {
      names: ['CUSTOM_WS_URL'],
      description:
        'Address of the WebSocket. Default: the vendor’s, where the protocol is a vendor’s.',
      example: 'wss://speech.example.com/v1/stream',
      derive: ({ CUSTOM_WS_PROTOCOL: chosen }) => {
        const name = names.find((candidate) => candidate === chosen);
        return name === undefined ? undefined : protocols[name].defaultUrl;
      },
    },
    apiKey: { names: ['CUSTOM_WS_API_KEY'], description: 'Key for the endpoint.', secret: true },
    model: {
      names: ['CUSTOM_WS_MODEL'],
      description: 'Recognition model, where the protocol names one.',
    },
    language: { names: ['CUSTOM_WS_LANGUAGE'], description: 'Language spoken, such as en.' },
    sampleRate: {
      names: ['CUSTOM_WS_SAMPLE_RATE'],
      description: 'Sample rate of the audio sent, in Hz.',
    },
    protocol: {
      names: ['CUSTOM_WS_PROTOCOL'],
      description:
        'What the endpoint speaks (earshot: protocol/PROTOCOL.md; the others: docs/adapters.md).',
    },
  },
  capabilities: { usesLocalEndpoint: false, interimResults: true, streaming: true },
  create: ({ protocol, ...options }) =>
    new CustomWebSocketSTTAdapter({ ...options, protocol: protocols[protocol] }),
});
