import type { SpeechFormat } from '../../protocol/openai-speech.js';
import type { AudioFormat } from '../audio/encoders/audio-encoder.js';
import { encodeAudio } from '../audio/encoders/encode-audio.js';
import { mp3Format } from '../audio/encoders/mp3-format.js';
import { opusFormat } from '../audio/encoders/opus-format.js';
import { encodeWav } from '../audio/encode-wav.js';
import { invalidRequest } from '../http/api-error.js';

const COMPRESSED: Partial<Record<SpeechFormat, AudioFormat>> = {
  mp3: mp3Format,
  opus: opusFormat,
};
const PLAIN_TYPES: Partial<Record<SpeechFormat, string>> = { pcm: 'audio/pcm', wav: 'audio/wav' };

/** Content type of a format. */
export function mediaTypeOf(format: SpeechFormat): string {
  return COMPRESSED[format]?.mediaType ?? PLAIN_TYPES[format] ?? 'application/octet-stream';
}

/** @throws ApiError 400 when the format cannot have that rate */
export function checkRate(format: SpeechFormat, sampleRate: number): void {
  const rates = COMPRESSED[format]?.sampleRates;
  if (rates === undefined || rates.includes(sampleRate)) return;
  throw invalidRequest(
    `${format} cannot have ${sampleRate} Hz; it can have ${rates.join(', ')}.`,
    'sample_rate',
  );
}

/** Parts of mono s16le as parts of a file of the format; wav comes as one part, because its header has the length. */
export async function* toFormat(
  audio: AsyncIterable<Uint8Array>,
  format: SpeechFormat,
  sampleRate: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const compressed = COMPRESSED[format];
  if (compressed !== undefined) yield* encodeAudio(audio, compressed, sampleRate);
  else if (format === 'pcm') yield* audio;
  else {
    const parts: Uint8Array[] = [];
    for await (const part of audio) parts.push(part); // bounded by the longest text of a request
    yield encodeWav(Buffer.concat(parts), sampleRate);
  }
}
