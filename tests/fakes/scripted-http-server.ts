import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface HttpRecord {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly atMs: number;
}

/** Answers the n-th request (from 0); the body was read already. */
export type HttpScript = (response: ServerResponse, n: number, request: HttpRecord) => unknown;

/** An HTTP server that does as it is told and remembers what it was asked. */
export class ScriptedHttpServer {
  readonly requests: HttpRecord[] = [];
  readonly #http: Server;
  readonly #sockets = new Set<Socket>();
  /** Answers that the client gave up before they were complete. */
  abandoned = 0;
  running = 0;
  mostAtOnce = 0;

  private constructor(script: HttpScript) {
    this.#http = createServer((request, response) => {
      void this.#answer(script, request, response);
    });
    this.#http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(script: HttpScript): Promise<ScriptedHttpServer> {
    const server = new ScriptedHttpServer(script);
    await new Promise<void>((resolve) => server.#http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #answer(script: HttpScript, request: IncomingMessage, response: ServerResponse) {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part as Buffer);
    } catch {
      return;
    }
    const record: HttpRecord = {
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(parts),
      atMs: performance.now(),
    };
    const n = this.requests.push(record) - 1;
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    response.on('close', () => {
      this.running -= 1;
      if (!response.writableFinished) this.abandoned += 1;
    });
    await script(response, n, record);
  }
}
