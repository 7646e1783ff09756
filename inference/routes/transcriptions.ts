import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import {
  timestampGranularities,
  transcriptionFields,
} from '../../protocol/openai-transcription.js';
import type { RouteContext } from '../endpoint-engines.js';
import { OverloadedError, invalidRequest } from '../http/api-error.js';
import { clientGone } from '../http/client-gone.js';
import { validate } from '../http/parse-json.js';
import { peekFirst } from '../http/peek-first.js';
import { readUpload } from '../http/read-upload.js';
import { MAX_PROMPT_CHARS, MAX_UPLOADS_AT_ONCE } from '../server-limits.js';
import { formatTranscript } from '../transcription/format-transcript.js';
import { transcribeClip } from '../transcription/transcribe-clip.js';
import { transcriptEvents } from '../transcription/transcript-events.js';

/** `POST /v1/audio/transcriptions`: OpenAI's multipart request with a WAV file, answered whole or as server-sent events. */
export function registerTranscriptions(app: FastifyInstance, { engines }: RouteContext): void {
  let open = 0;
  app.post('/v1/audio/transcriptions', async (request, reply) => {
    if (open >= MAX_UPLOADS_AT_ONCE) {
      throw new OverloadedError('speech-to-text', `${open} clips are being transcribed`, 2);
    }
    open += 1;
    reply.raw.once('close', () => {
      open -= 1;
    });
    const signal = clientGone(reply);
    const { file, fields, lists } = await readUpload(request);
    const options = validate(transcriptionFields, fields);
    const granularities = validate(timestampGranularities, lists.timestamp_granularities ?? []);
    if ((options.prompt?.length ?? 0) > MAX_PROMPT_CHARS) {
      throw invalidRequest(`prompt has more than ${MAX_PROMPT_CHARS} characters.`, 'prompt');
    }
    const clip = await engines.vad.analyseClip(file, signal);
    const { language, prompt, temperature } = options;
    const asked = { language, prompt, temperature, signal };
    if (
      options.stream &&
      (options.response_format === 'json' || options.response_format === 'text')
    ) {
      const events = transcriptEvents((onSegment) =>
        transcribeClip(engines.stt, clip, { ...asked, onSegment }),
      );
      return reply
        .type('text/event-stream; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(Readable.from(await peekFirst(events), { objectMode: false }));
    }
    const transcript = await transcribeClip(engines.stt, clip, asked);
    const { type, body } = formatTranscript(transcript, options.response_format, granularities);
    return reply.type(type).send(body);
  });
}
