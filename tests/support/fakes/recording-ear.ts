import { IndexedEar, SentenceEar, type HeardWord } from './fake-ear.js';

/** Silence that a recording is followed by, so that a last sentence ends. */
const TRAILING_MS = 400;

/**
 * What a fake service hears in a WAV file (16-bit mono).
 *
 * @param sentences - as `SentenceEar`; without them the audio is indexed
 * @throws {Error} when it is not such a file
 */
export const hearWav = (
  wav: Buffer,
  sentences?: readonly string[],
): { words: readonly HeardWord[]; sampleRate: number; durationMs: number } => {
  if (wav.toString('latin1', 0, 4) !== 'RIFF' || wav.toString('latin1', 8, 16) !== 'WAVEfmt ') {
    throw new Error('not a WAV file');
  }
  if (wav.readUInt16LE(22) !== 1 || wav.readUInt16LE(34) !== 16) throw new Error('not 16-bit mono');
  const sampleRate = wav.readUInt32LE(24);
  const data = wav.subarray(wav.indexOf('data') + 8);
  const samples = Int16Array.from({ length: data.length >> 1 }, (_, i) => data.readInt16LE(i * 2));
  const ear =
    sentences === undefined ? new IndexedEar(sampleRate) : new SentenceEar(sampleRate, sentences);
  ear.hear(samples);
  const durationMs = ear.receivedMs;
  ear.hear(new Int16Array((TRAILING_MS * sampleRate) / 1000));
  return { words: ear.words, sampleRate, durationMs };
};
