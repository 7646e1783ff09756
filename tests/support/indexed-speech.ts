import { readFileSync } from 'node:fs';
import { AudioFrame } from '@livekit/rtc-node';
import wavefile from 'wavefile';
import { FRAME_SAMPLES } from './indexed-audio.js';

/** Frame numbers above this do not fit into the bits that speech can spare. */
export const MAX_INDEX = 2047;

const fixture = new URL('../fixtures/question-capital.wav', import.meta.url);
let clip: Int16Array | undefined;

/** The fixture's words without the silence around them, as loud as 16 bits allow. */
const speech = (): Int16Array => {
  if (clip !== undefined) return clip;
  const wav = new wavefile.WaveFile(readFileSync(fixture));
  wav.toSampleRate(16_000);
  wav.toBitDepth('16');
  const all = Int16Array.from(wav.getSamples(false, Int16Array) as unknown as ArrayLike<number>);
  const peak = all.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
  const loud = all.map((sample) => Math.round((sample * 30_000) / peak));
  const first = loud.findIndex((sample) => Math.abs(sample) > 2000);
  const last = loud.findLastIndex((sample) => Math.abs(sample) > 2000);
  clip = loud.slice(first, last + 1);
  return clip;
};

/**
 * A frame of 20 ms at 16 kHz of real speech, endlessly repeated, whose samples carry the frame's number
 * (1…2047) in their lowest eleven bits: a voice detector hears speech, a fake service reads numbers.
 */
export const indexedSpeechFrame = (index: number): AudioFrame => {
  const source = speech();
  const samples = Int16Array.from(
    { length: FRAME_SAMPLES },
    (_, i) =>
      ((source[((index - 1) * FRAME_SAMPLES + i) % source.length] ?? 0) & ~MAX_INDEX) | index,
  );
  return new AudioFrame(samples, 16_000, 1, FRAME_SAMPLES);
};

/** The frame number that a sample of indexed speech carries; 0 is no frame. */
export const indexOfSample = (sample: number): number => sample & MAX_INDEX;
