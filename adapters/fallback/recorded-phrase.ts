import { readFileSync } from 'node:fs';
import { parseWavHeader } from '../tts/wav-header.js';
import { bytesToSamples } from '../audio/pcm-bytes.js';

/** What the recording says: spoken when no provider can speak or understand. */
export const RECORDED_PHRASE_TEXT = 'I am sorry, I have a technical problem.';
/** In Hz; 16-bit mono. */
export const RECORDED_PHRASE_RATE = 16_000;

let samples: Int16Array | undefined;

/**
 * The recorded phrase (`technical-problem.wav` beside this file, made with this project's own
 * voice). It also serves as the speech that providers are probed with.
 *
 * @throws {Error} if the file is not the WAV it should be
 */
export const readRecordedPhrase = (): Int16Array => {
  if (samples !== undefined) return samples;
  const bytes = readFileSync(new URL('technical-problem.wav', import.meta.url));
  const header = parseWavHeader(bytes);
  if (header === undefined || header === 'invalid' || header.sampleRate !== RECORDED_PHRASE_RATE) {
    throw new Error('technical-problem.wav is not a WAV file at 16 kHz');
  }
  const { headerBytes, dataBytes } = header;
  const end = Math.min(bytes.length, headerBytes + dataBytes);
  samples = bytesToSamples(bytes.subarray(headerBytes, end - ((end - headerBytes) % 2)));
  return samples;
};
