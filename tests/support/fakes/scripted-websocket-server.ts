import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** A handshake that is answered with an HTTP status. */
export interface Refusal {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What goes wrong on one connection. Everything left out is a well-behaved service. */
export interface FaultScript {
  readonly refuseWith?: Refusal;
  /** Never answers the handshake. */
  readonly hangHandshake?: boolean;
  readonly handshakeDelayMs?: number;
  /** Ends the connection once this much audio was received on it, in ms. */
  readonly dropAtMs?: number;
  /** How: a close code, `reset` (TCP RST) or `freeze` (no packets any more). Default 1011. */
  readonly drop?: number | 'reset' | 'freeze';
  readonly closeReason?: string;
  /** Messages sent as they are once the connection is open. */
  readonly greet?: readonly (string | Uint8Array)[];
  /** Accepts everything and says nothing. */
  readonly mute?: boolean;
  /** Every message leaves this much later. */
  readonly answerDelayMs?: number;
}

/** What a test may look at afterwards. */
export interface FakeConnectionRecord {
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
  readonly query: URLSearchParams;
  /** Text messages, parsed. */
  readonly messages: Record<string, unknown>[];
  /** Bytes of each audio message. */
  readonly audioBytes: number[];
}

/** One end of a conversation, as a vendor's protocol sees it. */
export interface FakeSession {
  /** s16le mono samples of one binary message, never empty. */
  readonly onAudio: (samples: Int16Array) => void;
  readonly onMessage: (message: Record<string, unknown>) => void;
  readonly onEmptyBinary?: () => void;
  /** Audio received, in ms: what `dropAtMs` is measured by. */
  readonly receivedMs: () => number;
}

/** What a session can do. */
export interface FakeConnection {
  readonly record: FakeConnectionRecord;
  readonly send: (message: object) => void;
  readonly close: (code: number, reason?: string) => void;
}

export interface ScriptedWebSocketOptions<Script extends FaultScript> {
  /** What the n-th connection (from 0) does. */
  readonly script: (connection: number) => Script;
  /** The protocol's own refusals: a bad key, a bad query. */
  readonly refuse: (request: IncomingMessage, url: URL) => Refusal | undefined;
  readonly open: (connection: FakeConnection, script: Script) => FakeSession;
  /** Plain requests. Default: 404. */
  readonly http?: RequestListener;
}

/** A WebSocket server on a free port of this machine whose connections misbehave as scripted. */
export class ScriptedWebSocketServer<Script extends FaultScript> {
  readonly records: FakeConnectionRecord[] = [];
  handshakes = 0;
  readonly #options: ScriptedWebSocketOptions<Script>;
  readonly #http: Server;
  readonly #ws = new WebSocketServer({ noServer: true });
  readonly #sockets = new Set<Socket>();
  readonly #frozen = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: ScriptedWebSocketOptions<Script>) {
    this.#options = options;
    this.#http = createServer(
      options.http ?? ((_request, response) => response.writeHead(404).end('no such page')),
    );
    this.#http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => {
      this.#onUpgrade(request, socket, head);
    });
  }

  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** TCP connections that are open now; not the frozen ones, which notice nothing any more. */
  get openSockets(): number {
    return this.#sockets.size - this.#frozen.size;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
    this.#ws.close();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #later(ms: number | undefined, action: () => void): void {
    if (ms === undefined) {
      action();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const script = this.#options.script(this.handshakes);
    this.handshakes += 1;
    if (script.hangHandshake === true) {
      // Reads on, so that it notices when the client gives up.
      socket.on('end', () => socket.destroy()).resume();
      return;
    }
    const url = new URL(request.url ?? '/', 'ws://fake');
    const refusal = script.refuseWith ?? this.#options.refuse(request, url);
    this.#later(script.handshakeDelayMs, () => {
      if (refusal === undefined) {
        this.#ws.handleUpgrade(request, socket, head, (ws) => {
          this.#serve(ws, request, url, script);
        });
        return;
      }
      const { status, body = '', headers = {} } = refusal;
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(
        `HTTP/1.1 ${status} X\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n${body}`,
      );
    });
  }

  #serve(ws: WebSocket, request: IncomingMessage, url: URL, script: Script): void {
    const record: FakeConnectionRecord = {
      headers: request.headers,
      path: url.pathname,
      query: url.searchParams,
      messages: [],
      audioBytes: [],
    };
    this.records.push(record);
    let dropped = false;
    const say = (action: () => void): void => {
      this.#later(script.answerDelayMs, () => {
        if (!dropped && script.mute !== true) action();
      });
    };
    const session = this.#options.open(
      {
        record,
        send: (message) => {
          say(() => {
            ws.send(JSON.stringify(message));
          });
        },
        close: (code, reason) => {
          say(() => {
            ws.close(code, reason);
          });
        },
      },
      script,
    );
    const drop = (): void => {
      const how = script.drop ?? 1011;
      dropped = true;
      if (how === 'reset') request.socket.resetAndDestroy();
      else if (how === 'freeze') this.#frozen.add(request.socket.pause());
      else ws.close(how, script.closeReason ?? '');
    };
    ws.on('error', () => undefined);
    ws.on('message', (data, isBinary) => {
      if (dropped) return;
      const bytes = data as Buffer;
      if (!isBinary) {
        const message = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
        record.messages.push(message);
        session.onMessage(message);
        return;
      }
      record.audioBytes.push(bytes.length);
      if (bytes.length === 0) session.onEmptyBinary?.();
      else
        session.onAudio(
          Int16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(i * 2)),
        );
      if (script.dropAtMs !== undefined && session.receivedMs() >= script.dropAtMs) drop();
    });
    for (const message of script.greet ?? []) ws.send(message);
  }
}
