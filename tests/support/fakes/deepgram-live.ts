import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { answerRecording } from './deepgram-recordings.js';
import { IndexedEar, SentenceEar, type FakeEar, type HeardWord } from './fake-ear.js';
import {
  ScriptedWebSocketServer,
  type FakeConnection,
  type FakeSession,
  type FaultScript,
  type Refusal,
} from './scripted-websocket-server.js';

/** What one connection does. Everything left out is the behaviour of the real service. */
export interface DeepgramScript extends FaultScript {
  /** A final for each such stretch of audio, in ms, if there are words. Default 500. */
  readonly finalEveryMs?: number;
}

export interface DeepgramLiveOptions {
  /** What the n-th connection (from 0) does. */
  readonly script?: (connection: number) => DeepgramScript;
  /** The only key that is accepted. Default: any. */
  readonly apiKey?: string;
  /** Hears real audio as these sentences. Default: indexed audio, whose words are frame numbers. */
  readonly sentences?: readonly string[];
  /** Neither audio nor KeepAlive for this long closes with 1011, in ms. Default 10000, as documented. */
  readonly idleTimeoutMs?: number;
  readonly port?: number;
}

/** An interim for each such stretch of audio, in ms, if there are words. */
const INTERIM_EVERY_MS = 200;
/** Silence is answered with an empty final each such stretch, in ms. */
const EMPTY_FINAL_EVERY_MS = 3000;

/**
 * Deepgram's live transcription, `/v1/listen` (developers.deepgram.com/reference/speech-to-text/listen-streaming):
 * `Authorization: Token KEY`, options in the query, binary audio, KeepAlive / Finalize / CloseStream as text;
 * Results with interim, final and speech-final words, SpeechStarted, Metadata at the end. Recordings
 * are answered on the same address, as by the real one.
 */
export class DeepgramLive {
  /** Frame numbers, or words, that finals covered, for each connection. */
  readonly finals: string[][] = [];
  /** Words that reached the service at all, for each connection. */
  readonly #ears: FakeEar[] = [];
  readonly #server: ScriptedWebSocketServer<DeepgramScript>;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #options: DeepgramLiveOptions;

  private constructor(options: DeepgramLiveOptions) {
    this.#options = options;
    this.#server = new ScriptedWebSocketServer<DeepgramScript>({
      script: options.script ?? (() => ({})),
      refuse: (request, url) => this.#refuse(request.headers.authorization, url),
      open: (connection, script) => this.#open(connection, script),
      http: (request, response) => {
        void buffer(request).then((body) => {
          const path = request.url ?? '';
          const { status, json } = answerRecording(
            { path, headers: request.headers, body },
            options,
          );
          response.writeHead(status, { 'content-type': 'application/json' });
          response.end(JSON.stringify(json));
        });
      },
    });
  }

  static async start(options: DeepgramLiveOptions = {}): Promise<DeepgramLive> {
    const fake = new DeepgramLive(options);
    await fake.#server.listen(options.port);
    return fake;
  }

  get port(): number {
    return this.#server.port;
  }

  /** What the native plugin takes: it appends `/v1/listen`. */
  get baseUrl(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** What our adapter takes. */
  get url(): string {
    return `${this.baseUrl}/v1/listen`;
  }

  get records() {
    return this.#server.records;
  }

  get handshakes(): number {
    return this.#server.handshakes;
  }

  get openSockets(): number {
    return this.#server.openSockets;
  }

  /** Words (frame numbers) that reached the service on any connection. */
  get delivered(): Set<string> {
    return new Set(this.#ears.flatMap((ear) => ear.words.map((word) => word.text)));
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#server.stop();
  }

  #refuse(authorization: string | undefined, url: URL): Refusal | undefined {
    const refuse = (status: number, code: string, message: string): Refusal => ({
      status,
      headers: { 'dg-error': message, 'dg-request-id': randomUUID() },
      body: JSON.stringify({ err_code: code, err_msg: message, request_id: randomUUID() }),
    });
    if (url.pathname !== '/v1/listen') return refuse(404, 'NOT_FOUND', 'No such route.');
    const key = /^Token (.+)$/.exec(authorization ?? '')?.[1];
    if (key === undefined || (this.#options.apiKey ?? key) !== key) {
      return refuse(401, 'INVALID_AUTH', 'Invalid credentials.');
    }
    if (url.searchParams.get('encoding') !== 'linear16') {
      return refuse(400, 'Bad Request', 'This fake takes encoding=linear16.');
    }
    if (!(Number(url.searchParams.get('sample_rate')) >= 8000)) {
      return refuse(400, 'Bad Request', 'sample_rate is required with an encoding.');
    }
    return undefined;
  }

  #open(connection: FakeConnection, script: DeepgramScript): FakeSession {
    const { query } = connection.record;
    const { sentences, idleTimeoutMs = 10_000 } = this.#options;
    const rate = Number(query.get('sample_rate'));
    const ear = sentences === undefined ? new IndexedEar(rate) : new SentenceEar(rate, sentences);
    this.#ears.push(ear);
    const finals: string[] = [];
    this.finals.push(finals);
    const requestId = randomUUID();
    const finalEveryMs = script.finalEveryMs ?? 500;
    let covered = 0;
    let coveredMs = 0;
    let interimAtMs = 0;
    let speaking = false;
    let idle: NodeJS.Timeout | undefined;
    const stillThere = (): void => {
      if (idle !== undefined) this.#timers.delete(idle);
      clearTimeout(idle);
      idle = setTimeout(() => {
        connection.close(1011, 'NET-0001');
      }, idleTimeoutMs);
      this.#timers.add(idle);
    };
    stillThere();

    const results = (isFinal: boolean, extra: object = {}): void => {
      const words = ear.words.slice(covered);
      connection.send({
        type: 'Results',
        channel_index: [0, 1],
        start: coveredMs / 1000,
        duration: (ear.receivedMs - coveredMs) / 1000,
        is_final: isFinal,
        speech_final: isFinal && speaking && ear.pausing,
        channel: { alternatives: [alternative(words)] },
        metadata: {
          request_id: requestId,
          model_info: { name: 'fake', version: '1', arch: query.get('model') ?? 'base' },
          model_uuid: requestId,
        },
        ...extra,
      });
      interimAtMs = ear.receivedMs;
      if (!isFinal) return;
      finals.push(...words.map((word) => word.text));
      covered = ear.words.length;
      coveredMs = ear.receivedMs;
      if (ear.pausing) speaking = false;
    };

    const onAudio = (samples: Int16Array): void => {
      stillThere();
      const beforeMs = ear.receivedMs;
      ear.hear(samples);
      const pending = ear.words.length - covered;
      if (pending > 0 && !speaking) {
        speaking = true;
        const timestamp = (ear.words[covered]?.startMs ?? 0) / 1000;
        if (query.get('vad_events') === 'true') {
          connection.send({ type: 'SpeechStarted', channel: [0, 1], timestamp });
        }
      }
      const due = Math.floor(ear.receivedMs / finalEveryMs) > Math.floor(beforeMs / finalEveryMs);
      if (speaking && (ear.pausing || (due && pending > 0))) results(true);
      else if (pending === 0 && ear.receivedMs - coveredMs >= EMPTY_FINAL_EVERY_MS) results(true);
      else if (
        pending > 0 &&
        query.get('interim_results') === 'true' &&
        ear.receivedMs - interimAtMs >= INTERIM_EVERY_MS
      ) {
        results(false);
      }
    };

    const close = (): void => {
      if (ear.words.length > covered) results(true);
      connection.send({
        type: 'Metadata',
        transaction_key: 'deprecated',
        request_id: requestId,
        sha256: '0'.repeat(64),
        created: new Date(0).toISOString(),
        duration: ear.receivedMs / 1000,
        channels: 1,
      });
      connection.close(1000);
    };

    return {
      onAudio,
      // An empty binary message means "that was all" to the service.
      onEmptyBinary: close,
      onMessage: ({ type }) => {
        stillThere();
        if (type === 'Finalize') results(true, { from_finalize: true });
        else if (type === 'CloseStream') close();
      },
      receivedMs: () => ear.receivedMs,
    };
  }
}

const alternative = (words: readonly HeardWord[]): object => ({
  transcript: words.map((word) => word.text).join(' '),
  confidence: words.length === 0 ? 0 : 0.98,
  words: words.map(({ text, startMs, endMs }) => ({
    word: text.toLowerCase().replace(/[^\p{L}\p{N}']/gu, ''),
    punctuated_word: text,
    start: startMs / 1000,
    end: endMs / 1000,
    confidence: 0.98,
  })),
});
