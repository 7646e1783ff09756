import { readFileSync } from 'node:fs';
import { AudioFrame } from '@livekit/rtc-node';

/** A recording and what is said in it. */
export interface SpokenClip {
  readonly samples: Int16Array;
  /** In Hz. */
  readonly sampleRate: number;
  readonly text: string;
}

/** Frames of this length, like a room's. */
const FRAME_MS = 20;

/**
 * Reads a clip for the contract.
 *
 * @param path - a WAV file, 16-bit mono
 * @throws {Error} if it is another kind of file
 */
export const readClip = (path: string | URL, text: string): SpokenClip => {
  const wav = readFileSync(path);
  const isWav = wav.toString('latin1', 0, 4) === 'RIFF' && wav.toString('latin1', 8, 12) === 'WAVE';
  if (!isWav || wav.readUInt16LE(22) !== 1 || wav.readUInt16LE(34) !== 16) {
    throw new Error(`${String(path)} is not a WAV file of 16-bit mono PCM`);
  }
  const data = wav.subarray(wav.indexOf('data', 12) + 8);
  const samples = Int16Array.from({ length: data.length >> 1 }, (_, i) => data.readInt16LE(i * 2));
  return { samples, sampleRate: wav.readUInt32LE(24), text };
};

/** The clip in frames of 20 ms, each with memory of its own, then silence of `silenceMs`. */
export const framesOf = (clip: SpokenClip, silenceMs: number): AudioFrame[] => {
  const { samples, sampleRate } = clip;
  const step = (FRAME_MS * sampleRate) / 1000;
  const frames: AudioFrame[] = [];
  const total = samples.length + (silenceMs * sampleRate) / 1000;
  for (let at = 0; at < total; at += step) {
    const pcm = new Int16Array(step);
    pcm.set(samples.subarray(at, at + step));
    frames.push(new AudioFrame(pcm, sampleRate, 1, step));
  }
  return frames;
};

/** The same clip at three times the rate, each sample held: enough to see that rates are respected. */
export const tripled = (clip: SpokenClip): SpokenClip => {
  const samples = new Int16Array(clip.samples.length * 3);
  for (let i = 0; i < samples.length; i += 1) samples[i] = clip.samples[Math.floor(i / 3)] ?? 0;
  return { ...clip, samples, sampleRate: clip.sampleRate * 3 };
};

/** Share of the expected words that were heard, in their order; case and punctuation do not count. */
export const heardShare = (expected: string, heard: string): number => {
  const wanted = wordsOf(expected);
  const got = wordsOf(heard);
  // Longest common subsequence: extra words are judged by `extraWords`.
  let lengths = new Array<number>(got.length + 1).fill(0);
  for (const word of wanted) {
    const next = [0];
    got.forEach((other, i) => {
      next.push(
        other === word ? (lengths[i] ?? 0) + 1 : Math.max(lengths[i + 1] ?? 0, next[i] ?? 0),
      );
    });
    lengths = next;
  }
  return (lengths.at(-1) ?? 0) / Math.max(1, wanted.length);
};

/** How many more words were heard than said. */
export const extraWords = (expected: string, heard: string): number =>
  Math.max(0, wordsOf(heard).length - wordsOf(expected).length);

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s']/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
