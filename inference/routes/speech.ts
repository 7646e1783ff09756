import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { speechRequest, type SpeechRequest } from '../../protocol/openai-speech.js';
import type { RouteContext } from '../endpoint-engines.js';
import type { Voice } from '../engines/text-to-speech-engine.js';
import { OverloadedError, invalidRequest } from '../http/api-error.js';
import { clientGone } from '../http/client-gone.js';
import { validate } from '../http/parse-json.js';
import { peekFirst } from '../http/peek-first.js';
import { MAX_SPEECHES_AT_ONCE, MAX_SPEECH_CHARS } from '../server-limits.js';
import { speak } from '../speech/speak.js';
import { checkRate, mediaTypeOf, toFormat } from '../speech/speech-formats.js';
import { speechEvents } from './speech-events.js';

/** Voices of OpenAI that clients name without having chosen: they get the first voice here. */
const OPENAI_VOICES = new Set(
  'alloy ash ballad coral echo fable marin cedar nova onyx sage shimmer verse'.split(' '),
);

/** `POST /v1/audio/speech`: sent while it is made, except for wav, whose header has the length. */
export function registerSpeech(app: FastifyInstance, { engines }: RouteContext): void {
  let open = 0;
  app.post('/v1/audio/speech', async (request, reply) => {
    const body = checkSpeech(validate(speechRequest, request.body), engines.tts.voices);
    if (open >= MAX_SPEECHES_AT_ONCE) {
      throw new OverloadedError('text-to-speech', `${open} texts are being spoken`, 2);
    }
    open += 1;
    reply.raw.once('close', () => {
      open -= 1;
    });
    const { input, speed, sample_rate: sampleRate, response_format: format } = body;
    const signal = clientGone(reply);
    const pcm = speak(engines.tts, { text: input, speed, sampleRate, signal });
    const audio = toFormat(pcm, format, sampleRate);
    void reply.header('x-sample-rate', String(sampleRate));
    if (body.stream_format === 'sse') {
      const events = await peekFirst(speechEvents(audio, { characters: input.length }));
      return reply
        .type('text/event-stream; charset=utf-8')
        .header('cache-control', 'no-cache')
        .send(Readable.from(events, { objectMode: false }));
    }
    const parts = await peekFirst(audio);
    return reply.type(mediaTypeOf(format)).send(Readable.from(parts, { objectMode: false }));
  });
}

function checkSpeech(body: SpeechRequest, voices: readonly Voice[]): SpeechRequest {
  checkRate(body.response_format, body.sample_rate);
  if (!/[\p{L}\p{N}]/u.test(body.input)) {
    throw invalidRequest('input has nothing to speak: no letter and no digit.', 'input');
  }
  if (body.input.length > MAX_SPEECH_CHARS) {
    throw invalidRequest(
      `input has ${body.input.length} characters; at most ${MAX_SPEECH_CHARS} are spoken in one request.`,
      'input',
      'string_above_max_length',
    );
  }
  const { voice } = body;
  const known =
    voice === undefined || OPENAI_VOICES.has(voice) || voices.some(({ id }) => id === voice);
  if (!known) {
    throw invalidRequest(
      `There is no voice ${JSON.stringify(voice)}; there are ${voices.map(({ id }) => id).join(', ')}.`,
      'voice',
    );
  }
  return body;
}
