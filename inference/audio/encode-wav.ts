import wavefile from 'wavefile';

/** A complete WAV file from mono s16le samples. @param sampleRate - in Hz */
export function encodeWav(pcm: Uint8Array, sampleRate: number): Uint8Array {
  const wav = new wavefile.WaveFile();
  const samples = new Int16Array(pcm.slice().buffer, 0, pcm.byteLength >> 1);
  wav.fromScratch(1, sampleRate, '16', samples);
  return wav.toBuffer();
}
