import {
  streamServerMessage,
  type StreamClientMessage,
  type StreamServerMessage,
} from '../../../protocol/stream-messages.js';
import { createAdapterError } from '../../adapter-error.js';
import type { AdapterErrorCode } from '../../error-codes.js';
import type { TranscriptEvent } from '../transcript-event.js';
import type { WebSocketSTTProtocol } from './websocket-stt-protocol.js';

type ServerError = Extract<StreamServerMessage, { type: 'error' }>;

const ERROR_CODES: Record<ServerError['code'], AdapterErrorCode> = {
  'bad-message': 'protocol-refused',
  'bad-audio': 'protocol-refused',
  overloaded: 'overloaded',
  'engine-failed': 'server-error',
  unauthorized: 'unauthorized',
  timeout: 'connection-lost',
};

const message = (value: StreamClientMessage): string => JSON.stringify(value);

const KNOWN_TYPES: ReadonlySet<string> = new Set(
  streamServerMessage.options.map((option) => option.shape.type.value),
);

const toEvent = (received: StreamServerMessage): TranscriptEvent => {
  switch (received.type) {
    case 'ready':
      return { type: 'ready', requestId: received.streamId };
    case 'ack':
      return { type: 'settled', settledMs: received.settledMs };
    case 'speech-started':
    case 'speech-ended':
      return { type: received.type, atMs: received.atMs };
    case 'transcript-interim':
    case 'transcript-preflight': {
      const { text, startMs, endMs } = received;
      const type = received.type === 'transcript-interim' ? 'interim' : 'preflight';
      return { type, text, startMs, endMs };
    }
    case 'transcript-final': {
      const { text, startMs, endMs, language, confidence, words } = received;
      return {
        type: 'final',
        text,
        startMs,
        endMs,
        ...(language === undefined ? {} : { language }),
        ...(confidence === undefined ? {} : { confidence }),
        ...(words === undefined
          ? {}
          : {
              words: words.map(({ confidence: sure, ...word }) =>
                sure === undefined ? word : { ...word, confidence: sure },
              ),
            }),
      };
    }
    case 'error':
      return {
        type: 'error',
        fatal: received.fatal,
        error: createAdapterError({
          code: ERROR_CODES[received.code],
          message: `the speech endpoint said "${received.message}" (${received.code})`,
          retryable: received.retryable,
        }),
      };
    case 'done':
      return { type: 'done' };
  }
};

/**
 * The protocol of this project's own endpoint, `/v1/stream` (protocol/PROTOCOL.md).
 *
 * Authentication is `Authorization: Bearer KEY`. Replay is not throttled: the endpoint takes audio
 * as fast as it comes and its `ack` says what needs no replay, silence included.
 */
export const earshotProtocol: WebSocketSTTProtocol = {
  name: 'earshot',
  url: ({ wsUrl }) => wsUrl,
  headers: ({ apiKey }) => (apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  configurationMessages: ({ sampleRate, language }) => [
    JSON.stringify({
      type: 'config',
      sampleRate,
      channels: 1,
      encoding: 'pcm_s16le',
      interimResults: true,
      ...(language === undefined ? {} : { language }),
    }),
  ],
  encodeAudio: (pcm) => pcm,
  parseMessage: (data) => {
    if (typeof data !== 'string') throw new Error('a binary message where text was expected');
    const value: unknown = JSON.parse(data);
    const kind =
      typeof value === 'object' && value !== null && 'type' in value ? String(value.type) : '';
    // A newer endpoint may say things this client does not know: that is not an error.
    if (kind !== '' && !KNOWN_TYPES.has(kind)) return [{ type: 'unknown', kind }];
    return [toEvent(streamServerMessage.parse(value))];
  },
  finalizeMessage: () => message({ type: 'finalize' }),
  keepAliveMessage: () => message({ type: 'keepalive' }),
  endMessages: () => [message({ type: 'end' })],
};
