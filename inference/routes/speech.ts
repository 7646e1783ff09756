import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { SPEECH_FORMATS, speechRequest, type SpeechRequest } from '../../protocol/openai-speech.js';
import { encodeWav } from '../audio/encode-wav.js';
import type { RouteContext } from '../endpoint-engines.js';
import type { Voice } from '../engines/text-to-speech-engine.js';
import { OverloadedError, invalidRequest } from '../http/api-error.js';
import { clientGone } from '../http/client-gone.js';
import { validate } from '../http/parse-json.js';
import { MAX_SPEECHES_AT_ONCE, MAX_SPEECH_CHARS } from '../server-limits.js';
import { speak } from '../speech/speak.js';

/** Voices of OpenAI that clients name without having chosen: they get the first voice here. */
const OPENAI_VOICES = new Set(
  'alloy ash ballad coral echo fable marin cedar nova onyx sage shimmer verse'.split(' '),
);

/** `POST /v1/audio/speech`: pcm is streamed as it is made, wav is sent whole because its header has the length. */
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
    const audio = speak(engines.tts, {
      text: body.input,
      speed: body.speed,
      sampleRate: body.sample_rate,
      signal: clientGone(reply),
    });
    void reply.header('x-sample-rate', String(body.sample_rate));
    if (body.response_format === 'wav') {
      const parts: Uint8Array[] = [];
      for await (const part of audio) parts.push(part);
      return reply.type('audio/wav').send(encodeWav(Buffer.concat(parts), body.sample_rate));
    }
    // The first piece is made before the status is sent: an engine that fails is a 5xx, not an empty 200.
    const first = await audio.next();
    const rest = async function* (): AsyncGenerator<Uint8Array> {
      if (first.done !== true) yield first.value;
      yield* audio;
    };
    return reply.type('audio/pcm').send(Readable.from(rest(), { objectMode: false }));
  });
}

function checkSpeech(body: SpeechRequest, voices: readonly Voice[]): SpeechRequest {
  const formats: readonly string[] = SPEECH_FORMATS;
  if (!formats.includes(body.response_format)) {
    throw invalidRequest(
      `response_format ${JSON.stringify(body.response_format.slice(0, 40))} is not made here; there are ${formats.join(', ')}.`,
      'response_format',
    );
  }
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
