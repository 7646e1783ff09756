import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { streamServerMessage, type StreamServerMessage } from '../../protocol/stream-messages.js';

/** A message of one type. */
export type MessageOf<Type extends StreamServerMessage['type']> = Extract<
  StreamServerMessage,
  { type: Type }
>;

/** A client of `/v1/stream` for tests: keeps every message with the time it came. */
export class StreamClient {
  readonly messages: StreamServerMessage[] = [];
  readonly arrivedMs: number[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  readonly #opened: Promise<void>;
  #wake: () => void = () => undefined;

  constructor(inferenceUrl: string, headers: Record<string, string> = {}) {
    this.#socket = new WebSocket(`${inferenceUrl.replace('http', 'ws')}/v1/stream`, { headers });
    this.#opened = new Promise((resolve, reject) => {
      this.#socket.once('open', resolve);
      this.#socket.once('error', reject);
    });
    this.#opened.catch(() => undefined); // given to whoever sends first
    this.closed = new Promise((resolve) => {
      this.#socket.once('close', (code, reason) => {
        this.#wake();
        resolve({ code, reason: reason.toString() });
      });
    });
    this.#socket.on('message', (data: Buffer) => {
      this.messages.push(streamServerMessage.parse(JSON.parse(data.toString())));
      this.arrivedMs.push(performance.now());
      this.#wake();
    });
  }

  async send(message: string | Uint8Array | object): Promise<void> {
    await this.#opened;
    const raw = typeof message === 'string' || message instanceof Uint8Array;
    this.#socket.send(raw ? message : JSON.stringify(message));
  }

  /** Sends audio in frames of 20 ms, at the pace of speech unless told otherwise. @returns when the last frame was sent */
  async speak(pcm: Buffer, sampleRate: number, paced = true): Promise<number> {
    const step = Math.round(sampleRate / 50) * 2;
    const startedMs = performance.now();
    for (let at = 0, frame = 1; at < pcm.length; at += step, frame += 1) {
      await this.send(pcm.subarray(at, at + step));
      const waitMs = startedMs + frame * 20 - performance.now();
      if (paced && waitMs > 0) await delay(waitMs);
    }
    return performance.now();
  }

  of<Type extends StreamServerMessage['type']>(type: Type): MessageOf<Type>[] {
    return this.messages.filter((message): message is MessageOf<Type> => message.type === type);
  }

  /** Waits for a message of a type, the `count`-th one. */
  async until<Type extends StreamServerMessage['type']>(
    type: Type,
    count = 1,
  ): Promise<MessageOf<Type>> {
    for (;;) {
      const found = this.of(type)[count - 1];
      if (found !== undefined) return found;
      if (this.#socket.readyState === WebSocket.CLOSED) {
        throw new Error(`closed before ${type}: ${JSON.stringify(this.messages)}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
