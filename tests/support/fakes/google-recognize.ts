import { ScriptedHttpServer, type HttpRecord } from '../../fakes/scripted-http-server.js';
import { hearWav } from './recording-ear.js';

export interface GoogleRecognizeOptions {
  /** The only key that is accepted. */
  readonly apiKey: string;
  /** Hears real audio as these sentences. Default: indexed audio, whose words are frame numbers. */
  readonly sentences?: readonly string[];
  /** Status of the n-th answer (from 0) that is not a success, with Google's `status`. */
  readonly failures?: (n: number) => { code: number; status: string } | undefined;
}

interface RecognizeRequest {
  readonly config: {
    readonly encoding: string;
    readonly sampleRateHertz: number;
    readonly languageCode?: string;
  };
  readonly audio: { readonly content: string };
}

/** Longest audio of a request, as documented, in ms. */
const MAX_AUDIO_MS = 60_000;

/**
 * Google Cloud's `POST /v1/speech:recognize`
 * (docs.cloud.google.com/speech-to-text/docs/reference/rest/v1/speech/recognize): JSON with base64
 * audio; results with word offsets as protobuf durations, no `results` for silence, errors as
 * `{"error":{"code","message","status"}}`.
 */
export class GoogleRecognize {
  private constructor(readonly server: ScriptedHttpServer) {}

  static async start(options: GoogleRecognizeOptions): Promise<GoogleRecognize> {
    const server = await ScriptedHttpServer.start((response, n, request) => {
      const { code, body } = answer(request, n, options);
      response.writeHead(code, { 'content-type': 'application/json; charset=UTF-8' });
      response.end(JSON.stringify(body));
    });
    return new GoogleRecognize(server);
  }

  get url(): string {
    return `${this.server.url}/v1/speech:recognize`;
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}

const fail = (code: number, status: string, message: string): { code: number; body: object } => ({
  code,
  body: { error: { code, message, status } },
});

const answer = (
  { path, headers, body }: HttpRecord,
  n: number,
  { apiKey, sentences, failures }: GoogleRecognizeOptions,
): { code: number; body: object } => {
  if (path !== '/v1/speech:recognize') return fail(404, 'NOT_FOUND', 'Not found.');
  const keys = [headers['x-goog-api-key'], headers.authorization?.replace('Bearer ', '')];
  if (!keys.includes(apiKey))
    return fail(401, 'UNAUTHENTICATED', 'Invalid authentication credentials.');
  const failure = failures?.(n);
  if (failure !== undefined) return fail(failure.code, failure.status, 'As scripted.');
  const { config, audio } = JSON.parse(body.toString('utf8')) as RecognizeRequest;
  if (config.encoding !== 'LINEAR16') return fail(400, 'INVALID_ARGUMENT', 'Invalid encoding.');
  if (config.languageCode === undefined) {
    return fail(400, 'INVALID_ARGUMENT', 'languageCode is required.');
  }
  const heard = hearWav(Buffer.from(audio.content, 'base64'), sentences);
  if (heard.sampleRate !== config.sampleRateHertz) {
    return fail(
      400,
      'INVALID_ARGUMENT',
      'sample_rate_hertz must match the value in the WAV header.',
    );
  }
  if (heard.durationMs > MAX_AUDIO_MS) return fail(400, 'INVALID_ARGUMENT', 'Sync input too long.');
  const totalBilledTime = `${Math.ceil(heard.durationMs / 1000)}s`;
  if (heard.words.length === 0) return { code: 200, body: { totalBilledTime, requestId: '1' } };
  return {
    code: 200,
    body: {
      results: [
        {
          alternatives: [
            {
              transcript: heard.words.map((word) => word.text).join(' '),
              confidence: 0.96,
              words: heard.words.map(({ text, startMs, endMs }) => ({
                startTime: duration(startMs),
                endTime: duration(endMs),
                word: text,
              })),
            },
          ],
          resultEndTime: duration(heard.durationMs),
          languageCode: config.languageCode.toLowerCase(),
        },
      ],
      totalBilledTime,
      requestId: '1',
    },
  };
};

const duration = (ms: number): string => `${(ms / 1000).toFixed(3)}s`;
