import type { ServerResponse } from 'node:http';
import { ScriptedHttpServer, type HttpRecord } from '../../fakes/scripted-http-server.js';
import { hearWav } from './recording-ear.js';

export interface ChatCall {
  readonly messages: readonly { role: string; content: unknown }[];
  readonly tools?: readonly { function: { name: string } }[];
}

/** What the model answers: text, or calls of tools. */
export type ChatReply =
  | string
  | { readonly tool: string; readonly args: object }
  /** The connection breaks after this much of the text. */
  | { readonly text: string; readonly breakAfter: number }
  | { readonly status: number };

export interface OpenAIApiOptions {
  /** The only key that is accepted. Default: any, or none. */
  readonly apiKey?: string;
  /** Default: repeats what the user said. */
  readonly reply?: (call: ChatCall, n: number) => ChatReply;
  /** What the recogniser hears in real audio. Default: indexed audio, whose words are frame numbers. */
  readonly sentences?: readonly string[];
  /** The status of speech and transcription requests. Default 200. */
  readonly audioStatus?: (n: number) => number;
}

/** Loudness of the spoken tone. */
const AMPLITUDE = 8000;
/** PCM is 24 kHz; each character is spoken this long. */
const SAMPLES_A_CHARACTER = 1440;

/**
 * OpenAI's HTTP API as far as the agent uses it (platform.openai.com/docs/api-reference):
 * `/v1/chat/completions` streamed, `/v1/audio/speech` as PCM, `/v1/audio/transcriptions`, `/v1/models`.
 */
export class OpenAIApi {
  readonly chats: ChatCall[] = [];
  readonly spoken: string[] = [];
  #audioRequests = 0;
  #server: ScriptedHttpServer | undefined;

  private constructor(readonly options: OpenAIApiOptions) {}

  static async start(options: OpenAIApiOptions = {}): Promise<OpenAIApi> {
    const fake = new OpenAIApi(options);
    fake.#server = await ScriptedHttpServer.start((response, _n, request) => {
      fake.#answer(response, request);
    });
    return fake;
  }

  /** What clients call the base URL. */
  get baseUrl(): string {
    return `${this.#server?.url ?? ''}/v1`;
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  #answer(response: ServerResponse, { path, headers, body }: HttpRecord): void {
    const { apiKey } = this.options;
    if (apiKey !== undefined && headers.authorization !== `Bearer ${apiKey}`) {
      fail(response, 401, 'Incorrect API key provided.');
    } else if (path === '/v1/models') {
      json(response, { object: 'list', data: [{ id: 'fake', object: 'model' }] });
    } else if (path === '/v1/chat/completions') {
      this.#chat(response, JSON.parse(body.toString('utf8')) as ChatCall);
    } else if (path === '/v1/audio/speech' || path === '/v1/audio/transcriptions') {
      const status = this.options.audioStatus?.(this.#audioRequests) ?? 200;
      this.#audioRequests += 1;
      if (status !== 200) fail(response, status, 'As scripted.');
      else if (path.endsWith('speech')) this.#speak(response, body);
      else this.#transcribe(response, body);
    } else {
      fail(response, 404, `Unknown route ${path}`);
    }
  }

  #chat(response: ServerResponse, call: ChatCall): void {
    const n = this.chats.push(call) - 1;
    const said = call.messages.findLast(({ role }) => role === 'user')?.content;
    const reply = (this.options.reply ?? (() => `You said ${JSON.stringify(said)}.`))(call, n);
    if (typeof reply === 'object' && 'status' in reply) {
      fail(response, reply.status, 'As scripted.');
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (choices: object[], extra: object = {}): void => {
      const chunk = {
        id: `chat-${n}`,
        object: 'chat.completion.chunk',
        created: 0,
        model: 'fake',
        choices,
        ...extra,
      };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    };
    const delta = (value: object, finish_reason: string | null = null): void => {
      send([{ index: 0, delta: value, finish_reason }]);
    };
    if (typeof reply === 'object' && 'tool' in reply) {
      const { tool, args } = reply;
      const named = { name: tool, arguments: JSON.stringify(args) };
      delta({
        role: 'assistant',
        tool_calls: [{ index: 0, id: `call-${n}`, type: 'function', function: named }],
      });
      delta({}, 'tool_calls');
    } else {
      const text = typeof reply === 'string' ? reply : reply.text;
      const broken = typeof reply === 'string' ? Infinity : reply.breakAfter;
      let sent = 0;
      for (const part of text.match(/\S+\s*/g) ?? []) {
        if (sent >= broken) {
          setImmediate(() => response.destroy());
          return;
        }
        delta({ role: 'assistant', content: part });
        sent += part.length;
      }
      delta({}, 'stop');
    }
    send([], { usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } });
    response.end('data: [DONE]\n\n');
  }

  #speak(response: ServerResponse, body: Buffer): void {
    const { input } = JSON.parse(body.toString('utf8')) as { input: string };
    this.spoken.push(input);
    const pcm = new Int16Array(input.length * SAMPLES_A_CHARACTER);
    for (let i = 0; i < pcm.length; i += 1) pcm[i] = AMPLITUDE * Math.sin((i * Math.PI) / 60);
    response.writeHead(200, { 'content-type': 'audio/pcm' }).end(Buffer.from(pcm.buffer));
  }

  #transcribe(response: ServerResponse, body: Buffer): void {
    const start = body.indexOf('RIFF');
    const wav = body.subarray(start, start + 8 + body.readUInt32LE(start + 4));
    const { words } = hearWav(wav, this.options.sentences);
    json(response, { text: words.map((word) => word.text).join(' ') });
  }
}

const json = (response: ServerResponse, value: object): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

const fail = (response: ServerResponse, status: number, message: string): void => {
  const error = { message, type: 'invalid_request_error', param: null, code: null };
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error }));
};
