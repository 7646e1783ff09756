import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request wanted, for assertions. */
export interface SeenRequest {
  readonly path: string;
  readonly range: string | undefined;
}

/** A real HTTP server for files, on a free port of this machine. */
export interface FileServer {
  readonly url: string;
  readonly seen: SeenRequest[];
  readonly close: () => Promise<void>;
}

/** Answers one request; `index` counts the requests so far, from 0. */
export type Answer = (request: IncomingMessage, response: ServerResponse, index: number) => void;

/** Starts a server that answers every request with `answer`. */
export async function startFileServer(answer: Answer): Promise<FileServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', range: request.headers.range });
    answer(request, response, seen.length - 1);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Sends content, or the part of it that a Range header asks for. */
export function sendRange(
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start >= content.length && start > 0) {
    response.writeHead(416).end();
    return;
  }
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start });
  response.end(content.subarray(start));
}

/** Announces the whole rest, sends `bytes` of it, then cuts the connection. */
export function sendAndCut(
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  bytes: number,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start });
  response.write(content.subarray(start, start + bytes), () => {
    // The bytes are handed to the system; give them a moment to leave before the connection breaks.
    setTimeout(() => response.destroy(), 50);
  });
}

/** Sends `bytes` of the content and then nothing, with the connection open. */
export function sendAndStall(response: ServerResponse, content: Buffer, bytes: number): void {
  response.writeHead(200, { 'content-length': content.length });
  response.write(content.subarray(0, bytes));
}
