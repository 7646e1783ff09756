import type { ClientRequest, IncomingMessage } from 'node:http';
import { WebSocket, type RawData } from 'ws';
import { createAdapterError, type AdapterError } from '../adapter-error.js';
import {
  fromHttpStatus,
  fromWebSocketClose,
  toAPIError,
  type FailureContext,
} from '../to-api-error.js';

/** Handshake included DNS and TLS: a voice service answers in well under a second. */
export const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/** A transcript is a few KB; 1 MiB leaves room for long word lists and stops a runaway server. */
export const DEFAULT_MAX_MESSAGE_BYTES = 1 << 20;
/** One ping a second, and the line is dead after four unanswered: noticed within 5 s. */
const PING_INTERVAL_MS = 1000;
const MAX_UNANSWERED_PINGS = 4;
/** The peer's half of the close handshake is waited for this long, then the socket is destroyed. */
const CLOSE_TIMEOUT_MS = 2000;
/** Of the body of a refused upgrade, this much is read for the message. */
const MAX_REFUSAL_BYTES = 4096;

export interface WebSocketConnectionOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly context: FailureContext;
  readonly connectTimeoutMs: number;
  readonly maxMessageBytes: number;
  /** Off for services whose proxies do not answer pings. */
  readonly detectHalfOpen: boolean;
  readonly signal: AbortSignal;
  /** Called in order, text as a string, binary as bytes. Must not throw. */
  readonly onMessage: (data: string | Uint8Array) => void;
}

export interface WebSocketConnection {
  /** Resolves once the message left for the operating system: awaiting it is the backpressure. */
  send(data: string | Uint8Array): Promise<void>;
  /** Resolves, never rejects, with the reason once the socket is closed. */
  readonly closed: Promise<AdapterError>;
  /** Close code of the peer, once closed. */
  readonly closeCode: number | undefined;
  /** Closes with 1000, waits at most 2 s for the peer, then destroys the socket. */
  close(): Promise<void>;
}

const toBytes = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);

/** Resolves when the socket is open; rejects with the reason why it is not. Leaves no listener. */
const opened = (socket: WebSocket, options: WebSocketConnectionOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    const { context, signal, connectTimeoutMs } = options;
    const settle = (error?: AdapterError): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('open', onOpen).off('error', onError).off('unexpected-response', onRefused);
      if (error === undefined) {
        resolve();
        return;
      }
      // Terminating a socket that is still connecting emits an error of its own.
      socket.on('error', () => undefined);
      socket.terminate();
      reject(error);
    };
    const onOpen = (): void => {
      settle();
    };
    const onError = (error: Error): void => {
      settle(toAPIError(error, context));
    };
    const onAbort = (): void => {
      settle(createAdapterError({ code: 'aborted', message: `${context.what} was withdrawn` }));
    };
    const onRefused = (_request: ClientRequest, response: IncomingMessage): void => {
      const parts: Buffer[] = [];
      let size = 0;
      const done = (): void => {
        response.removeAllListeners();
        response.on('error', () => undefined);
        response.destroy();
        const body = Buffer.concat(parts).subarray(0, MAX_REFUSAL_BYTES).toString('utf8');
        settle(
          fromHttpStatus(response.statusCode ?? 0, body, response.headers['retry-after'], context),
        );
      };
      response.on('data', (part: Buffer) => {
        parts.push(part);
        size += part.length;
        if (size > MAX_REFUSAL_BYTES) done();
      });
      response.on('end', done).on('error', done).on('close', done);
    };
    const timer = setTimeout(() => {
      settle(
        createAdapterError({
          code: 'connect-timeout',
          message: `${context.what} did not open within ${connectTimeoutMs} ms`,
        }),
      );
    }, connectTimeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('open', onOpen).on('error', onError).on('unexpected-response', onRefused);
    if (signal.aborted) onAbort();
  });

/** Pings while the socket is open; calls `onDead` once nothing at all comes back any more. */
const watchLiveness = (socket: WebSocket, onDead: () => void): (() => void) => {
  // Counted in pings and not in elapsed time: a stall of our own event loop is not the peer's death.
  let unanswered = 0;
  const alive = (): void => {
    unanswered = 0;
  };
  const timer = setInterval(() => {
    if (unanswered >= MAX_UNANSWERED_PINGS) {
      onDead();
      return;
    }
    unanswered += 1;
    if (socket.readyState === WebSocket.OPEN) socket.ping(() => undefined);
  }, PING_INTERVAL_MS);
  socket.on('pong', alive).on('message', alive).on('ping', alive);
  return () => {
    clearInterval(timer);
    socket.off('pong', alive).off('message', alive).off('ping', alive);
  };
};

/**
 * Opens a WebSocket and owns everything about it: the handshake's time limit, messages in order,
 * the discovery of a dead line, and a close that always ends.
 *
 * @throws {AdapterError} when the handshake fails, is refused, takes too long or is withdrawn
 */
export const openWebSocket = async (
  options: WebSocketConnectionOptions,
): Promise<WebSocketConnection> => {
  const { context, signal } = options;
  let socket: WebSocket;
  try {
    socket = new WebSocket(options.url, {
      headers: { ...options.headers },
      maxPayload: options.maxMessageBytes,
      perMessageDeflate: false,
      // One broken character must not end a stream: it becomes U+FFFD instead.
      skipUTF8Validation: true,
    });
  } catch (error) {
    throw createAdapterError({
      code: 'rejected',
      message: `${context.what} has a bad address`,
      cause: error,
    });
  }

  let failure: AdapterError | undefined;
  let closeCode: number | undefined;
  const onMessage = (data: RawData, isBinary: boolean): void => {
    const bytes = toBytes(data);
    options.onMessage(isBinary ? new Uint8Array(bytes) : bytes.toString('utf8'));
  };
  // Attached before the handshake ends: a server may speak in the same packet.
  socket.on('message', onMessage);
  try {
    await opened(socket, options);
  } catch (error) {
    socket.off('message', onMessage);
    throw error;
  }

  socket.on('error', (error) => {
    failure ??= toAPIError(error, context);
  });
  const onAbort = (): void => {
    failure ??= createAdapterError({
      code: 'aborted',
      message: `${context.what} was closed by us`,
    });
    void close();
  };
  const stopWatching = options.detectHalfOpen
    ? watchLiveness(socket, () => {
        failure ??= createAdapterError({
          code: 'connection-silent',
          message: `${context.what} answered none of ${MAX_UNANSWERED_PINGS} pings`,
        });
        socket.terminate();
      })
    : () => undefined;

  const closed = new Promise<AdapterError>((resolve) => {
    const onClose = (code: number, reason: Buffer): void => {
      closeCode = code;
      stopWatching();
      signal.removeEventListener('abort', onAbort);
      socket.off('message', onMessage).off('close', onClose);
      // ws reports protocol errors as plain errors with codes of its own: the close code says more.
      const known = failure !== undefined && failure.code !== 'internal' ? failure : undefined;
      resolve(known ?? fromWebSocketClose(code, reason.toString('utf8'), context, failure));
    };
    if (socket.readyState === WebSocket.CLOSED) onClose(1006, Buffer.alloc(0));
    else socket.on('close', onClose);
  });

  const close = async (): Promise<void> => {
    if (socket.readyState === WebSocket.CLOSED) return;
    const timer = setTimeout(() => {
      socket.terminate();
    }, CLOSE_TIMEOUT_MS);
    if (socket.readyState === WebSocket.OPEN) socket.close(1000);
    await closed;
    clearTimeout(timer);
  };

  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();

  return {
    closed,
    get closeCode() {
      return closeCode;
    },
    close,
    send: async (data) => {
      if (socket.readyState !== WebSocket.OPEN) throw await closed;
      // A socket that dies calls back with an error, so this cannot hang longer than the connection.
      const error = await new Promise<Error | undefined>((resolve) => {
        socket.send(data, (sendError) => {
          resolve(sendError ?? undefined);
        });
      });
      if (error !== undefined) throw await closed;
    },
  };
};
