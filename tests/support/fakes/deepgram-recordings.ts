import { ScriptedHttpServer } from '../../fakes/scripted-http-server.js';
import { hearWav } from './recording-ear.js';

export interface DeepgramRecordingsOptions {
  /** The only key that is accepted. */
  readonly apiKey: string;
  /** Hears real audio as these sentences. Default: indexed audio, whose words are frame numbers. */
  readonly sentences?: readonly string[];
}

/**
 * Deepgram's `POST /v1/listen` for recordings
 * (developers.deepgram.com/reference/speech-to-text/listen-pre-recorded): a WAV as the body,
 * `Authorization: Token KEY`, options in the query.
 */
export class DeepgramRecordings {
  private constructor(readonly server: ScriptedHttpServer) {}

  static async start({
    apiKey,
    sentences,
  }: DeepgramRecordingsOptions): Promise<DeepgramRecordings> {
    const server = await ScriptedHttpServer.start((response, _n, { path, headers, body }) => {
      const reply = (status: number, json: object): void => {
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(json));
      };
      if (headers.authorization !== `Token ${apiKey}`) {
        reply(401, { err_code: 'INVALID_AUTH', err_msg: 'Invalid credentials.', request_id: '1' });
      } else if (!path.startsWith('/v1/listen') || headers['content-type'] !== 'audio/wav') {
        reply(400, {
          err_code: 'Bad Request',
          err_msg: 'failed to process audio',
          request_id: '1',
        });
      } else {
        const { words, durationMs } = hearWav(body, sentences);
        reply(200, {
          metadata: { request_id: '1', duration: durationMs / 1000, channels: 1 },
          results: {
            channels: [
              {
                alternatives: [
                  {
                    transcript: words.map((word) => word.text).join(' '),
                    confidence: words.length === 0 ? 0 : 0.97,
                    words: words.map(({ text, startMs, endMs }) => ({
                      word: text.toLowerCase(),
                      punctuated_word: text,
                      start: startMs / 1000,
                      end: endMs / 1000,
                      confidence: 0.97,
                    })),
                  },
                ],
              },
            ],
          },
        });
      }
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
