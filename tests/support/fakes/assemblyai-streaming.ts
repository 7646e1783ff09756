import { randomUUID } from 'node:crypto';
import { IndexedEar, SentenceEar, type FakeEar, type HeardWord } from './fake-ear.js';
import {
  ScriptedWebSocketServer,
  type FakeConnection,
  type FakeSession,
  type FaultScript,
} from './scripted-websocket-server.js';

/** What one connection does. Everything left out is the behaviour of the real service. */
export interface AssemblyAIScript extends FaultScript {
  /** A turn of indexed audio ends after each such stretch, in ms. Default 500. */
  readonly turnEveryMs?: number;
}

export interface AssemblyAIStreamingOptions {
  /** What the n-th connection (from 0) does. */
  readonly script?: (connection: number) => AssemblyAIScript;
  /** The only key that is accepted. Default: any. */
  readonly apiKey?: string;
  /** Hears real audio as these sentences. Default: indexed audio, whose words are frame numbers. */
  readonly sentences?: readonly string[];
}

/** A Turn message for each such stretch of audio, in ms, if there are words. */
const PARTIAL_EVERY_MS = 200;
/** Bounds of one audio message, in ms: outside of them the session ends with 3007. */
const MIN_AUDIO_MS = 50;
const MAX_AUDIO_MS = 1000;

/**
 * AssemblyAI's streaming transcription, `/v3/ws` (assemblyai.com/docs/streaming/message-sequence):
 * `Authorization: KEY`, options in the query, binary audio of 50 to 1000 ms; Begin, Turn (growing,
 * ended, formatted), Termination; an Error message before a close for a reason.
 */
export class AssemblyAIStreaming {
  readonly #ears: FakeEar[] = [];
  readonly #server: ScriptedWebSocketServer<AssemblyAIScript>;
  readonly #options: AssemblyAIStreamingOptions;

  private constructor(options: AssemblyAIStreamingOptions) {
    this.#options = options;
    this.#server = new ScriptedWebSocketServer<AssemblyAIScript>({
      script: options.script ?? (() => ({})),
      refuse: (_request, url) => (url.pathname === '/v3/ws' ? undefined : { status: 404 }),
      open: (connection, script) => this.#open(connection, script),
    });
  }

  static async start(options: AssemblyAIStreamingOptions = {}): Promise<AssemblyAIStreaming> {
    const fake = new AssemblyAIStreaming(options);
    await fake.#server.listen();
    return fake;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#server.port}/v3/ws`;
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
    await this.#server.stop();
  }

  #open(connection: FakeConnection, script: AssemblyAIScript): FakeSession {
    const { query, headers } = connection.record;
    const { sentences, apiKey } = this.#options;
    const rate = Number(query.get('sample_rate') ?? 16_000);
    const ear = sentences === undefined ? new IndexedEar(rate) : new SentenceEar(rate, sentences);
    this.#ears.push(ear);
    const turnEveryMs = script.turnEveryMs ?? (sentences === undefined ? 500 : Infinity);
    let turnOrder = 0;
    let covered = 0;
    let partialAtMs = 0;

    const fail = (error_code: number, error: string): void => {
      connection.send({ type: 'Error', error_code, error });
      connection.close(error_code, error);
    };
    const turn = (ended: boolean, formatted: boolean): void => {
      const words = ear.words.slice(covered);
      connection.send({
        turn_order: turnOrder,
        turn_is_formatted: formatted,
        end_of_turn: ended,
        transcript: transcriptOf(ended ? words : words.slice(0, -1), formatted),
        end_of_turn_confidence: ended ? 0.9 : 0.01,
        words: words.map((word, at) => ({
          start: Math.round(word.startMs),
          end: Math.round(word.endMs),
          text: formatted ? word.text : raw(word.text),
          confidence: 0.97,
          word_is_final: ended || at < words.length - 1,
        })),
        utterance: ended ? transcriptOf(words, formatted) : '',
        type: 'Turn',
      });
      partialAtMs = ear.receivedMs;
    };
    const endTurn = (): void => {
      if (ear.words.length === covered) return;
      turn(true, false);
      if (query.get('format_turns') === 'true') turn(true, true);
      covered = ear.words.length;
      turnOrder += 1;
    };

    const keyIsGood =
      headers.authorization !== undefined &&
      (apiKey ?? headers.authorization) === headers.authorization;
    if (!keyIsGood) fail(1008, 'Unauthorized Connection: Missing or invalid API key');
    else if (query.get('speech_model') === null)
      fail(3006, 'Bad configuration: speech_model is required');
    else {
      connection.send({
        type: 'Begin',
        id: randomUUID(),
        expires_at: Math.round(Date.now() / 1000) + 10_800,
      });
    }

    return {
      receivedMs: () => ear.receivedMs,
      onAudio: (samples) => {
        const durationMs = (samples.length * 1000) / rate;
        if (durationMs < MIN_AUDIO_MS || durationMs > MAX_AUDIO_MS) {
          fail(3007, `Input Duration Violation: ${durationMs} ms. Expected between 50 and 1000 ms`);
          return;
        }
        const beforeMs = ear.receivedMs;
        ear.hear(samples);
        const due = Math.floor(ear.receivedMs / turnEveryMs) > Math.floor(beforeMs / turnEveryMs);
        if (ear.pausing || due) endTurn();
        else if (ear.words.length > covered && ear.receivedMs - partialAtMs >= PARTIAL_EVERY_MS) {
          turn(false, false);
        }
      },
      onMessage: ({ type }) => {
        if (type === 'ForceEndpoint') endTurn();
        else if (type === 'Terminate') {
          endTurn();
          connection.send({
            type: 'Termination',
            audio_duration_seconds: Math.round(ear.receivedMs / 1000),
            session_duration_seconds: Math.round(ear.receivedMs / 1000),
          });
          connection.close(1000);
        } else if (type !== 'UpdateConfiguration' && type !== 'KeepAlive') {
          fail(3006, `Invalid Message Type: ${String(type)}`);
        }
      },
    };
  }
}

/** Without case and punctuation, as the service says it before formatting. */
const raw = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}']/gu, '');

const transcriptOf = (words: readonly HeardWord[], formatted: boolean): string =>
  words.map((word) => (formatted ? word.text : raw(word.text))).join(' ');
