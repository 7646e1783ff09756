import type { FastifyInstance } from 'fastify';
import type { StreamServerMessage } from '../../protocol/stream-messages.js';
import type { RouteContext } from '../endpoint-engines.js';
import { StreamConnection } from '../stream/stream-connection.js';

/** WebSocket `/v1/stream`: protocol/PROTOCOL.md. */
export function registerStream(app: FastifyInstance, { engines, maxStreams }: RouteContext): void {
  let open = 0;
  app.get('/v1/stream', { websocket: true }, (socket, request) => {
    if (open >= maxStreams) {
      const error: StreamServerMessage = {
        type: 'error',
        code: 'overloaded',
        message: `${maxStreams} streams are open already; try again later.`,
        fatal: true,
        retryable: true,
      };
      socket.on('error', () => undefined); // followed by close
      socket.send(JSON.stringify(error));
      socket.close(1013, 'overloaded');
      return;
    }
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    new StreamConnection({
      socket,
      stt: engines.stt,
      vad: engines.vad,
      onFault: ({ code, closeCode, message }) => {
        request.log.warn({ code, closeCode, reason: message }, 'stream ended by a fault');
      },
    });
  });
}
