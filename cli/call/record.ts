import { AudioFrame } from '@livekit/rtc-node';
import { MonoResampler } from '../../adapters/audio/mono-resampler.js';
import type { CallerConnection } from './join-room.js';
import { REPLY_SAMPLE_RATE } from './listener.js';
import { CLIP_SAMPLE_RATE } from './read-clip.js';
import { StereoRecorder } from './stereo-recorder.js';

/** Records a connection until it is closed. */
export const record = ({ speaker, listener }: CallerConnection): StereoRecorder => {
  const recorder = new StereoRecorder(REPLY_SAMPLE_RATE);
  const resampler = new MonoResampler(REPLY_SAMPLE_RATE);
  speaker.onFrame = (samples) => {
    const frame = new AudioFrame(samples, CLIP_SAMPLE_RATE, 1, samples.length);
    recorder.add('caller', resampler.push(frame));
  };
  listener.onFrame = (samples) => {
    recorder.add('agent', samples);
  };
  return recorder;
};
