import wavefile from 'wavefile';

/**
 * Wraps samples into a WAV file.
 *
 * @param pcm - 16-bit mono samples
 * @param sampleRate - in Hz
 */
export const encodeWav = (pcm: Int16Array, sampleRate: number): Uint8Array => {
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, sampleRate, '16', pcm);
  return wav.toBuffer();
};
