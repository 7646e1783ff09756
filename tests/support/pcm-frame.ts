import { AudioFrame } from '@livekit/rtc-node';

/** Mono s16le as one of the framework's frames, which must own their buffer. @param sampleRate - in Hz */
export const pcmFrame = (pcm: Uint8Array, sampleRate: number): AudioFrame => {
  const samples = new Int16Array(Uint8Array.from(pcm).buffer);
  return new AudioFrame(samples, sampleRate, 1, samples.length);
};
