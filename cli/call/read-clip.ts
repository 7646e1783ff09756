import { AudioFrame } from '@livekit/rtc-node';
import { readFile } from 'node:fs/promises';
import wavefile from 'wavefile';
import { concat, MonoResampler } from '../../adapters/audio/mono-resampler.js';

/** Rate at which clips are spoken into the room, in Hz: WebRTC's own. */
export const CLIP_SAMPLE_RATE = 48_000;

/** A clip above this many bytes is refused: 10 min of 48 kHz stereo, longer than any question. */
const MAX_CLIP_BYTES = 120_000_000;

/** A frame quieter than this part of the clip's loudest frame counts as silence (−36 dB). */
const SILENCE_RATIO = 0.016;

/** … and so does one quieter than this (of 32768): resampling leaves a few steps of noise. */
const SILENCE_LEVEL = 20;

/** Frames in which loudness is looked at, in ms. */
const FRAME_MS = 10;

/** A clip ready to be spoken: 48 kHz mono 16-bit samples. */
export interface Clip {
  readonly name: string;
  readonly samples: Int16Array;
  /** Where the speech in it ends; what follows is silence. */
  readonly speechEndMs: number;
}

/** A file that is no clip, said in a sentence. */
export class ClipError extends Error {}

/**
 * Reads a PCM or float WAV of any rate and channel count.
 * @throws {ClipError} naming the file and what is wrong with it.
 */
export const readClip = async (path: string): Promise<Clip> => {
  const bytes = await readFile(path).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ClipError(`${path} cannot be read: ${code ?? message}.`);
  });
  if (bytes.length > MAX_CLIP_BYTES) {
    throw new ClipError(`${path} has ${bytes.length} bytes; a clip may have ${MAX_CLIP_BYTES}.`);
  }
  const samples = decode(path, bytes);
  if (samples.length === 0) throw new ClipError(`${path} holds no audio.`);
  return { name: path, samples, speechEndMs: findSpeechEndMs(samples) };
};

const decode = (path: string, bytes: Buffer): Int16Array => {
  try {
    const wav = new wavefile.WaveFile(bytes);
    wav.toBitDepth('16');
    const { sampleRate, numChannels } = wav.fmt as { sampleRate: number; numChannels: number };
    const interleaved = wav.getSamples(true, Int16Array) as unknown as Int16Array;
    const perChannel = Math.floor(interleaved.length / numChannels);
    const resampler = new MonoResampler(CLIP_SAMPLE_RATE);
    const pushed = resampler.push(new AudioFrame(interleaved, sampleRate, numChannels, perChannel));
    return concat([pushed, resampler.flush()]);
  } catch (error) {
    throw new ClipError(
      `${path} is not a WAV file that can be read (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
};

/** The end of the last frame that is not silence, in ms; 0 when all of it is. */
export const findSpeechEndMs = (samples: Int16Array): number => {
  const length = (CLIP_SAMPLE_RATE * FRAME_MS) / 1000;
  const loudness: number[] = [];
  for (let at = 0; at < samples.length; at += length) {
    loudness.push(rootMeanSquare(samples.subarray(at, at + length)));
  }
  const loudest = loudness.reduce((most, level) => Math.max(most, level), 0);
  const threshold = Math.max(loudest * SILENCE_RATIO, SILENCE_LEVEL);
  return (loudness.findLastIndex((level) => level > threshold) + 1) * FRAME_MS;
};

/** Loudness of 16-bit samples, 0…32768. */
export const rootMeanSquare = (samples: Int16Array): number => {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
};
