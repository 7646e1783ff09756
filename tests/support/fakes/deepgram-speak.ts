import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

export interface DeepgramSpeakOptions {
  /** The only key that is accepted. Default: any. */
  readonly apiKey?: string;
}

/** Loudness of the spoken tone. */
const AMPLITUDE = 8000;
/** Each character is spoken this long, in s. */
const SECONDS_A_CHARACTER = 0.06;

/**
 * Deepgram's streaming text-to-speech, `/v1/speak`
 * (developers.deepgram.com/reference/text-to-speech/speak-streaming): Speak, Flush, Clear and Close as
 * text; linear16 as binary, Metadata first, Flushed once everything before a Flush was sent.
 */
export class DeepgramSpeak {
  /** Texts in the order in which they were spoken. */
  readonly spoken: string[] = [];
  readonly #http: Server;
  readonly #ws: WebSocketServer;

  private constructor({ apiKey }: DeepgramSpeakOptions) {
    this.#http = createServer((_request, response) => response.writeHead(404).end());
    this.#ws = new WebSocketServer({
      server: this.#http,
      path: '/v1/speak',
      verifyClient: ({ req }, accept) => {
        const key = /^Token (.+)$/.exec(req.headers.authorization ?? '')?.[1];
        accept(key !== undefined && (apiKey ?? key) === key, 401);
      },
    });
    this.#ws.on('connection', (socket, request) => {
      const { searchParams } = new URL(request.url ?? '/', 'ws://fake');
      const sampleRate = Number(searchParams.get('sample_rate') ?? 24_000);
      let waiting = '';
      let flushed = 0;
      socket.on('error', () => undefined);
      socket.send(JSON.stringify({ type: 'Metadata', request_id: '1', model_name: 'fake' }));
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString('utf8')) as { type: string; text?: string };
        if (message.type === 'Speak') waiting += message.text ?? '';
        if (message.type === 'Clear') waiting = '';
        if (message.type === 'Flush') {
          if (waiting.trim() !== '') {
            this.spoken.push(waiting.trim());
            socket.send(tone(waiting.trim().length * SECONDS_A_CHARACTER, sampleRate));
          }
          waiting = '';
          socket.send(JSON.stringify({ type: 'Flushed', sequence_id: flushed }));
          flushed += 1;
        }
        if (message.type === 'Close') socket.close(1000);
      });
    });
  }

  static async start(options: DeepgramSpeakOptions = {}): Promise<DeepgramSpeak> {
    const fake = new DeepgramSpeak(options);
    await new Promise<void>((resolve) => fake.#http.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  /** What the native plugin takes: it appends `/v1/speak`. */
  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#ws.clients) socket.terminate();
    this.#ws.close();
    await new Promise((resolve) => this.#http.close(resolve));
  }
}

const tone = (seconds: number, sampleRate: number): Buffer => {
  const samples = new Int16Array(Math.round(seconds * sampleRate));
  for (let i = 0; i < samples.length; i += 1) samples[i] = AMPLITUDE * Math.sin(i / 20);
  return Buffer.from(samples.buffer);
};
