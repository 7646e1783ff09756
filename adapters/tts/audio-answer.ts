import { AudioFrame } from '@livekit/rtc-node';
import { createAdapterError, type AdapterError } from '../adapter-error.js';
import { MonoResampler, toMono } from '../audio/mono-resampler.js';
import { bytesToSamples } from '../audio/pcm-bytes.js';
import { excerpt, type FailureContext } from '../to-api-error.js';
import type { HttpAnswer } from '../transport/http-client.js';
import { looksLikeWav, parseWavHeader } from './wav-header.js';

/** Rates that make sense for speech, in Hz; anything else in a header is a broken header. */
const MIN_RATE = 4000;
const MAX_RATE = 192_000;
/** Of a body that is no audio, this much is read for the message. */
const MAX_EXCERPT_BYTES = 512;

interface Format {
  readonly sampleRate: number;
  readonly channels: number;
}

const REFUSED_TYPES = /^(audio\/(mpeg|mp3|aac|ogg|opus|flac|x-flac|webm|mp4|x-m4a)|video\/)/;
const TEXT_TYPES = /^(text\/|application\/(json|problem\+json|xml))/;

/** `audio/L16;rate=22050;channels=1`, `audio/pcm;rate=16000`, or a header of its own. */
const announced = (headers: HttpAnswer['headers'], fallbackRate: number): Format => {
  const type = headers['content-type'] ?? '';
  const rate = Number(
    /[;\s]rate=(\d+)/.exec(type)?.[1] ?? headers['x-sample-rate'] ?? fallbackRate,
  );
  const channels = Number(/[;\s]channels=(\d+)/.exec(type)?.[1] ?? 1);
  return { sampleRate: rate, channels };
};

const unsupported = (context: FailureContext, what: string): AdapterError =>
  createAdapterError({
    code: 'unsupported-audio',
    message: `${context.what} was answered with ${what}`,
  });

/** @throws {AdapterError} if the headers already say that this is not playable */
const checkType = async (answer: HttpAnswer, context: FailureContext): Promise<void> => {
  const type = (answer.headers['content-type'] ?? '').toLowerCase();
  if (REFUSED_TYPES.test(type)) {
    await drain(answer);
    throw unsupported(context, `compressed audio (${type})`);
  }
  if (!TEXT_TYPES.test(type)) return;
  const said = excerpt(new TextDecoder().decode(await drain(answer)), context.secrets);
  throw createAdapterError({
    code: 'bad-response',
    message: `${context.what} was answered with ${type} instead of audio ("${said}")`,
  });
};

/** Reads the beginning of a body and lets go of the rest. */
const drain = async (answer: HttpAnswer): Promise<Uint8Array> => {
  for await (const part of answer.body) return part.subarray(0, MAX_EXCERPT_BYTES);
  return new Uint8Array(0);
};

const checkFormat = ({ sampleRate, channels }: Format, context: FailureContext): Format => {
  if (sampleRate < MIN_RATE || sampleRate > MAX_RATE || channels < 1 || channels > 8) {
    throw unsupported(context, `audio at ${sampleRate} Hz with ${channels} channels`);
  }
  return { sampleRate, channels };
};

/**
 * The audio of an answer as 16-bit mono samples at `sampleRate`, as it arrives.
 *
 * Takes raw PCM (s16le; the rate from the content type, else `sampleRate`) and 16-bit WAV, whose
 * header decides. A sample split between two parts of the body is put together again.
 *
 * @throws {AdapterError} for anything else, and for an answer without audio
 */
export async function* readAudio(
  answer: HttpAnswer,
  sampleRate: number,
  context: FailureContext,
): AsyncGenerator<Int16Array, void, undefined> {
  await checkType(answer, context);
  const type = (answer.headers['content-type'] ?? '').toLowerCase();
  let format: Format | undefined;
  let pending: Uint8Array = new Uint8Array(0);
  let left = Infinity;
  let any = false;
  const resampler = new MonoResampler(sampleRate);
  try {
    for await (const part of answer.body) {
      pending = pending.length === 0 ? part : Buffer.concat([pending, part]);
      if (format === undefined) {
        if (pending.length < 4 && looksLikeWav(pending)) continue;
        if (looksLikeWav(pending) || /^audio\/(x-)?wave?\b/.test(type)) {
          const header = parseWavHeader(pending);
          if (header === undefined) continue;
          if (header === 'invalid') throw unsupported(context, 'a broken WAV header');
          if (header.format !== 1 || header.bitsPerSample !== 16) {
            throw unsupported(
              context,
              `WAV of format ${header.format}, ${header.bitsPerSample} bits`,
            );
          }
          format = checkFormat(header, context);
          pending = pending.subarray(header.headerBytes);
          left = header.dataBytes;
        } else if (startsCompressed(pending)) {
          throw unsupported(context, 'compressed audio');
        } else {
          format = checkFormat(announced(answer.headers, sampleRate), context);
        }
      }
      const frameBytes = format.channels * 2;
      const take = Math.min(pending.length, left);
      const whole = take - (take % frameBytes);
      if (whole === 0) continue;
      const samples = bytesToSamples(pending.subarray(0, whole));
      left -= whole;
      // What follows the audio of a WAV file is tags, not sound.
      pending = left < frameBytes ? new Uint8Array(0) : pending.subarray(whole);
      const mono = toRate(samples, format, resampler);
      if (mono.length === 0) continue;
      any = true;
      yield mono;
    }
    const rest = resampler.flush();
    if (rest.length > 0) yield rest;
    if (!any && rest.length === 0) {
      throw createAdapterError({
        code: 'empty-response',
        message: `${context.what} was answered without audio`,
      });
    }
  } finally {
    resampler.close();
  }
}

const toRate = (samples: Int16Array, format: Format, resampler: MonoResampler): Int16Array =>
  format.sampleRate === resampler.sampleRate
    ? toMono(samples, format.channels)
    : resampler.push(
        new AudioFrame(
          samples,
          format.sampleRate,
          format.channels,
          samples.length / format.channels,
        ),
      );

const MAGIC = ['ID3', 'OggS', 'fLaC'];

const startsCompressed = (bytes: Uint8Array): boolean => {
  const head = String.fromCharCode(...bytes.subarray(0, 4));
  return MAGIC.some((magic) => head.startsWith(magic));
};
