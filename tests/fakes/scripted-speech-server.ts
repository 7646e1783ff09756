import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { indexOfSample } from '../support/indexed-speech.js';

const SAMPLE_RATE = 16_000;

/** What one connection does. Everything left out is the behaviour of a well-behaved service. */
export interface ConnectionScript {
  /** Answers the handshake with this status instead. */
  readonly refuseWith?: { status: number; body?: string; headers?: Record<string, string> };
  /** Never answers the handshake. */
  readonly hangHandshake?: boolean;
  readonly handshakeDelayMs?: number;
  /** A final for each such stretch of audio, in ms. Default 500. */
  readonly finalEveryMs?: number;
  /** Ends the connection once this much audio was received on it, in ms. */
  readonly dropAtMs?: number;
  /** How: a close code, `reset` (TCP RST) or `freeze` (no packets any more). Default 1011. */
  readonly drop?: number | 'reset' | 'freeze';
  readonly closeReason?: string;
  /** Messages sent right after `config`, as they are. */
  readonly greet?: readonly (string | Uint8Array)[];
  /** Accepts everything and says nothing. */
  readonly mute?: boolean;
  /** Finals without word times. */
  readonly withoutWords?: boolean;
  /** Delay before the answer to `end`. */
  readonly endDelayMs?: number;
}

export interface ConnectionRecord {
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
  readonly messages: { type: string }[];
  /** Frame numbers in the order received, each once per connection. */
  readonly frames: number[];
  /** Frame numbers that a final covered on this connection. */
  readonly finals: number[];
  receivedSamples: number;
  binaryMessages: number[];
}

/**
 * A streaming recogniser that speaks `/v1/stream`. Its "transcript" of a frame of indexed audio is
 * the frame's number, so what was delivered, transcribed and repeated is known exactly.
 */
export class ScriptedSpeechServer {
  readonly records: ConnectionRecord[] = [];
  readonly #http: Server;
  readonly #ws = new WebSocketServer({ noServer: true });
  readonly #sockets = new Set<Socket>();
  readonly #frozen = new Set<Socket>();
  handshakes = 0;

  private constructor(private readonly script: (connection: number) => ConnectionScript) {
    this.#http = createServer((_request, response) => response.writeHead(404).end('no such page'));
    this.#http.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
    this.#http.on('upgrade', (request, socket, head) => {
      this.#onUpgrade(request, socket, head);
    });
  }

  /** @param script - what the n-th connection (from 0) does */
  static async start(
    script: (connection: number) => ConnectionScript = () => ({}),
    port = 0,
  ): Promise<ScriptedSpeechServer> {
    const server = new ScriptedSpeechServer(script);
    await new Promise<void>((resolve, reject) => {
      server.#http.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/v1/stream`;
  }

  /** TCP connections that are open now; not the frozen ones, which notice nothing any more. */
  get openSockets(): number {
    return this.#sockets.size - this.#frozen.size;
  }

  /** Frame numbers that reached the server at all. */
  get delivered(): Set<number> {
    return new Set(this.records.flatMap((record) => record.frames));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#ws.close();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const script = this.script(this.handshakes);
    this.handshakes += 1;
    if (script.hangHandshake) {
      // Reads on, so that it notices when the client gives up.
      socket.on('end', () => socket.destroy()).resume();
      return;
    }
    if (script.refuseWith !== undefined) {
      const { status, body = '', headers = {} } = script.refuseWith;
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(
        `HTTP/1.1 ${status} X\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n${body}`,
      );
      return;
    }
    const accept = (): void => {
      this.#ws.handleUpgrade(request, socket, head, (ws) => {
        this.#serve(ws, request, script);
      });
    };
    if (script.handshakeDelayMs === undefined) accept();
    else setTimeout(accept, script.handshakeDelayMs);
  }

  #serve(ws: WebSocket, request: IncomingMessage, script: ConnectionScript): void {
    const record: ConnectionRecord = {
      headers: request.headers,
      path: request.url ?? '',
      messages: [],
      frames: [],
      finals: [],
      receivedSamples: 0,
      binaryMessages: [],
    };
    this.records.push(record);
    let dropped = false;
    let covered = 0;
    let utterance = 0;
    const firstSampleOf = new Map<number, number>();
    const send = (message: object): void => {
      if (!dropped && !script.mute) ws.send(JSON.stringify(message));
    };
    const ms = (samples: number): number => Math.round((samples * 1000) / SAMPLE_RATE);

    /** A final for all frames of which the server has at least one sample. */
    const final = (): void => {
      const fresh = record.frames.slice(covered);
      if (fresh.length === 0) return;
      covered = record.frames.length;
      record.finals.push(...fresh);
      const words = fresh.map((frame) => {
        const start = firstSampleOf.get(frame) ?? 0;
        return { text: String(frame), startMs: ms(start), endMs: ms(start) + 20 };
      });
      const endMs = ms(record.receivedSamples);
      send({
        type: 'transcript-final',
        utterance,
        startMs: words[0]?.startMs ?? 0,
        endMs,
        text: fresh.join(' '),
        ...(script.withoutWords ? {} : { words }),
      });
      send({ type: 'ack', receivedMs: endMs, settledMs: endMs });
      utterance += 1;
    };

    const drop = (): void => {
      const how = script.drop ?? 1011;
      dropped = true;
      if (how === 'reset') request.socket.resetAndDestroy();
      else if (how === 'freeze') this.#frozen.add(request.socket.pause());
      else ws.close(how, script.closeReason ?? '');
    };

    const onAudio = (bytes: Buffer): void => {
      if (dropped) return;
      record.binaryMessages.push(bytes.length);
      const samples = new Int16Array(bytes.length / 2);
      for (let i = 0; i < samples.length; i += 1)
        samples[i] = indexOfSample(bytes.readInt16LE(i * 2));
      samples.forEach((frame, i) => {
        if (firstSampleOf.has(frame)) return;
        firstSampleOf.set(frame, record.receivedSamples + i);
        record.frames.push(frame);
      });
      const before = ms(record.receivedSamples);
      record.receivedSamples += samples.length;
      const after = ms(record.receivedSamples);
      const every = script.finalEveryMs ?? 500;
      if (Math.floor(after / every) > Math.floor(before / every)) final();
      if (script.dropAtMs !== undefined && after >= script.dropAtMs) drop();
    };

    ws.on('error', () => undefined);
    ws.on('message', (data, isBinary) => {
      if (isBinary) {
        onAudio(data as Buffer);
        return;
      }
      const message = JSON.parse((data as Buffer).toString('utf8')) as { type: string };
      record.messages.push(message);
      if (message.type === 'config') {
        send({ type: 'ready', streamId: `stream-${this.records.length}`, model: 'fake' });
        for (const item of script.greet ?? []) ws.send(item);
      } else if (message.type === 'finalize') {
        final();
      } else if (message.type === 'end') {
        setTimeout(() => {
          if (dropped) return;
          final();
          send({ type: 'done', receivedMs: ms(record.receivedSamples) });
          if (!script.mute) ws.close(1000);
        }, script.endDelayMs ?? 0);
      }
    });
  }
}
