import { AudioFrame } from '@livekit/rtc-node';
import { concat } from '../audio/mono-resampler.js';

/** Cuts samples into frames of `frameSamples`; the rest stays for the next call or `rest`. */
export class FrameCutter {
  #pending: Int16Array = new Int16Array(0);

  constructor(
    readonly sampleRate: number,
    readonly frameSamples: number,
  ) {}

  push(samples: Int16Array): AudioFrame[] {
    const all = this.#pending.length === 0 ? samples : concat([this.#pending, samples]);
    const frames: AudioFrame[] = [];
    let at = 0;
    for (; all.length - at >= this.frameSamples; at += this.frameSamples) {
      frames.push(this.#frame(all.slice(at, at + this.frameSamples)));
    }
    this.#pending = all.slice(at);
    return frames;
  }

  rest(): AudioFrame[] {
    const rest = this.#pending;
    this.#pending = new Int16Array(0);
    return rest.length === 0 ? [] : [this.#frame(rest)];
  }

  // Frames own their memory at offset 0: the native side ignores byteOffset.
  #frame(samples: Int16Array): AudioFrame {
    return new AudioFrame(samples, this.sampleRate, 1, samples.length);
  }
}
