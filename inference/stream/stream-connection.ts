import { randomUUID } from 'node:crypto';
import type { WebSocket } from '@fastify/websocket';
import {
  STREAM_MAX_FRAME_BYTES,
  STREAM_MAX_MESSAGE_BYTES,
  streamClientMessage,
  type StreamClientMessage,
  type StreamConfigMessage,
  type StreamServerMessage,
} from '../../protocol/stream-messages.js';
import type { SpeechToTextEngine } from '../engines/speech-to-text-engine.js';
import type { VoiceActivityEngine } from '../engines/voice-activity-engine.js';
import { STREAM_CONFIG_TIMEOUT_MS, STREAM_IDLE_TIMEOUT_MS } from '../server-limits.js';
import { StreamFault, faultOf } from './stream-fault.js';
import { DEFAULT_SILENCE_MS, MAX_INBOUND_BYTES, MAX_OUTBOUND_BYTES } from './stream-limits.js';
import { StreamingRecogniser } from './streaming-recogniser.js';

/** What a connection works with. */
export interface StreamConnectionOptions {
  readonly socket: WebSocket;
  readonly stt: SpeechToTextEngine;
  readonly vad: VoiceActivityEngine;
  /** Told when the connection ends by a fault, for the log. Never text or audio. */
  readonly onFault: (fault: StreamFault) => void;
  readonly configTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
}

type Inbound =
  { readonly audio: Uint8Array<ArrayBuffer> } | { readonly message: StreamClientMessage };

/** One client of `/v1/stream`: the protocol around a {@link StreamingRecogniser}. Closes everything it opened. */
export class StreamConnection {
  readonly #options: StreamConnectionOptions;
  readonly #inbound: Inbound[] = [];
  #inboundBytes = 0;
  #working = false;
  #closed = false;
  #ended = false;
  #config: StreamConfigMessage | undefined;
  #recogniser: StreamingRecogniser | undefined;
  #timer: NodeJS.Timeout;

  constructor(options: StreamConnectionOptions) {
    this.#options = options;
    const { socket } = options;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      this.#onFrame(data, isBinary);
    });
    socket.on('pong', () => {
      this.#touch();
    });
    socket.once('close', () => {
      this.#dispose();
    });
    socket.on('error', () => undefined); // followed by close
    const configMs = options.configTimeoutMs ?? STREAM_CONFIG_TIMEOUT_MS;
    this.#timer = setTimeout(() => {
      this.#fail(new StreamFault(1008, 'timeout', `No config message within ${configMs} ms.`));
    }, configMs);
  }

  #onFrame(data: Buffer, isBinary: boolean): void {
    if (this.#closed) return;
    try {
      this.#accept(isBinary ? this.#checkAudio(data) : { message: parseMessage(data) });
    } catch (error) {
      this.#fail(faultOf(error));
    }
  }

  #checkAudio(data: Buffer): Inbound {
    if (this.#config === undefined) {
      throw new StreamFault(1008, 'bad-message', 'Audio came before the config message.');
    }
    if (this.#ended) throw new StreamFault(1003, 'bad-message', 'Audio came after end.');
    if (data.byteLength > STREAM_MAX_FRAME_BYTES) {
      throw new StreamFault(
        1009,
        'bad-audio',
        `A frame of ${data.byteLength} bytes is too large; at most ${STREAM_MAX_FRAME_BYTES} are taken.`,
      );
    }
    if (data.byteLength % 2 !== 0) {
      throw new StreamFault(
        1007,
        'bad-audio',
        `A frame of ${data.byteLength} bytes is not 16-bit audio: the number of bytes must be even.`,
      );
    }
    // An own copy: ws reuses its buffers, and this one is moved to a worker.
    return { audio: Uint8Array.from(data) };
  }

  #accept(inbound: Inbound): void {
    if ('message' in inbound) {
      const { message } = inbound;
      if (message.type === 'config') {
        if (this.#config !== undefined) {
          throw new StreamFault(1003, 'bad-message', 'A second config message came.');
        }
        this.#config = message;
      } else if (this.#config === undefined) {
        throw new StreamFault(1008, 'bad-message', `${message.type} came before config.`);
      }
      if (message.type === 'end') this.#ended = true;
    } else {
      this.#inboundBytes += inbound.audio.byteLength;
      if (this.#inboundBytes > MAX_INBOUND_BYTES) this.#options.socket.pause();
    }
    this.#touch();
    this.#inbound.push(inbound);
    void this.#work();
  }

  /** Works through what came, in order, one at a time. */
  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#inbound.shift(); next && !this.#closed; next = this.#inbound.shift()) {
        if ('message' in next) await this.#handle(next.message);
        else await this.#take(next.audio);
      }
    } catch (error) {
      this.#fail(faultOf(error));
    } finally {
      this.#working = false;
    }
  }

  async #take(audio: Uint8Array<ArrayBuffer>): Promise<void> {
    const bytes = audio.byteLength;
    if (bytes > 0) await this.#recogniser?.push(audio);
    this.#inboundBytes -= bytes;
    if (this.#inboundBytes <= MAX_INBOUND_BYTES && this.#options.socket.isPaused) {
      this.#options.socket.resume();
    }
  }

  async #handle(message: StreamClientMessage): Promise<void> {
    switch (message.type) {
      case 'config':
        await this.#open(message);
        break;
      case 'finalize':
        await this.#recogniser?.finalize();
        break;
      case 'keepalive':
        break;
      case 'end':
        await this.#recogniser?.finalize();
        this.#send({ type: 'done', receivedMs: this.#recogniser?.receivedMs ?? 0 });
        this.#close(1000, 'done');
        break;
    }
  }

  async #open(config: StreamConfigMessage): Promise<void> {
    const { stt, vad } = this.#options;
    const stream = await vad.openStream(config.sampleRate);
    if (this.#closed) {
      await stream.close();
      return;
    }
    this.#recogniser = new StreamingRecogniser({
      stt,
      vad: stream,
      sampleRate: config.sampleRate,
      language: config.language,
      interimResults: config.interimResults,
      silenceMs: config.silenceMs ?? DEFAULT_SILENCE_MS,
      onEvent: (event) => {
        this.#send(event);
      },
      onFailure: (error) => {
        this.#fail(faultOf(error));
      },
    });
    this.#send({ type: 'ready', streamId: randomUUID(), model: stt.model });
  }

  #send(message: StreamServerMessage): void {
    const { socket } = this.#options;
    if (this.#closed || socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(message));
    if (socket.bufferedAmount > MAX_OUTBOUND_BYTES) socket.terminate();
  }

  #fail(fault: StreamFault): void {
    if (this.#closed) return;
    this.#options.onFault(fault);
    const { code, message, retryable } = fault;
    this.#send({ type: 'error', code, message, fatal: true, retryable });
    this.#close(fault.closeCode, code);
  }

  #close(code: number, reason: string): void {
    this.#options.socket.close(code, reason);
    // A paused socket would never see the client's answer to the close.
    if (this.#options.socket.isPaused) this.#options.socket.resume();
    this.#dispose();
  }

  #touch(): void {
    clearTimeout(this.#timer);
    const idleMs = this.#options.idleTimeoutMs ?? STREAM_IDLE_TIMEOUT_MS;
    this.#timer = setTimeout(() => {
      const message = `Nothing came for ${idleMs} ms: send audio or keepalive.`;
      this.#fail(new StreamFault(1008, 'timeout', message));
    }, idleMs);
  }

  #dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#inbound.length = 0;
    // Closing the detector of an engine that just died fails, and there is nothing left to close then.
    this.#recogniser?.close().catch(() => undefined);
  }
}

function parseMessage(data: Buffer): StreamClientMessage {
  if (data.byteLength > STREAM_MAX_MESSAGE_BYTES) {
    throw new StreamFault(
      1009,
      'bad-message',
      `A message of ${data.byteLength} bytes is too large.`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(data.toString('utf8'));
  } catch {
    throw new StreamFault(1007, 'bad-message', 'A text frame is not JSON.');
  }
  const parsed = streamClientMessage.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'message'}: ${issue.message}`,
  );
  throw new StreamFault(1007, 'bad-message', problems.join('; '));
}
