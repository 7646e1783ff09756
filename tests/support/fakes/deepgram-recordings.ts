import type { IncomingHttpHeaders } from 'node:http';
import { ScriptedHttpServer } from '../../fakes/scripted-http-server.js';
import { hearWav } from './recording-ear.js';

export interface DeepgramRecordingsOptions {
  /** The only key that is accepted. Default: any. */
  readonly apiKey?: string;
  /** Hears real audio as these sentences. Default: indexed audio, whose words are frame numbers. */
  readonly sentences?: readonly string[];
}

interface RecordingRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What Deepgram says of a recording. */
export const answerRecording = (
  { path, headers, body }: RecordingRequest,
  { apiKey, sentences }: DeepgramRecordingsOptions,
): { status: number; json: object } => {
  const key = /^Token (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (key === undefined || (apiKey ?? key) !== key) {
    const err_msg = 'Invalid credentials.';
    return { status: 401, json: { err_code: 'INVALID_AUTH', err_msg, request_id: '1' } };
  }
  if (!path.startsWith('/v1/listen') || headers['content-type'] !== 'audio/wav') {
    const err_msg = 'failed to process audio';
    return { status: 400, json: { err_code: 'Bad Request', err_msg, request_id: '1' } };
  }
  const { words, durationMs } = hearWav(body, sentences);
  const alternative = {
    transcript: words.map((word) => word.text).join(' '),
    confidence: words.length === 0 ? 0 : 0.97,
    words: words.map(({ text, startMs, endMs }) => ({
      word: text.toLowerCase(),
      punctuated_word: text,
      start: startMs / 1000,
      end: endMs / 1000,
      confidence: 0.97,
    })),
  };
  return {
    status: 200,
    json: {
      metadata: { request_id: '1', duration: durationMs / 1000, channels: 1 },
      results: { channels: [{ alternatives: [alternative] }] },
    },
  };
};

/**
 * Deepgram's `POST /v1/listen` for recordings
 * (developers.deepgram.com/reference/speech-to-text/listen-pre-recorded): a WAV as the body,
 * `Authorization: Token KEY`, options in the query.
 */
export class DeepgramRecordings {
  private constructor(readonly server: ScriptedHttpServer) {}

  static async start(options: DeepgramRecordingsOptions = {}): Promise<DeepgramRecordings> {
    const server = await ScriptedHttpServer.start((response, _n, request) => {
      const { status, json } = answerRecording(request, options);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    });
    return new DeepgramRecordings(server);
  }

  get url(): string {
    return `${this.server.url}/v1/listen`;
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}
