import { AudioFrame, AudioResampler } from '@livekit/rtc-node';

/** Averages interleaved channels into one; always returns memory of its own at offset 0. */
export const toMono = (data: Int16Array, channels: number): Int16Array => {
  if (channels === 1) return data.slice();
  const mono = new Int16Array(Math.floor(data.length / channels));
  for (let i = 0; i < mono.length; i += 1) {
    let sum = 0;
    for (let c = 0; c < channels; c += 1) sum += data[i * channels + c] ?? 0;
    mono[i] = Math.round(sum / channels);
  }
  return mono;
};

/**
 * Turns frames of any rate and channel count into 16-bit mono samples of one rate.
 *
 * The framework's own resampling in `SpeechStream.pushFrame` assumes mono, is not flushed at the
 * end, and its native resampler ignores `byteOffset`: this one copies first.
 */
export class MonoResampler {
  #resampler: AudioResampler | undefined;

  /** @param sampleRate - of the output, in Hz */
  constructor(readonly sampleRate: number) {}

  /** Resamples one frame. The result may be empty: the resampler looks ahead. */
  push(frame: AudioFrame): Int16Array {
    if (frame.samplesPerChannel === 0 || frame.data.length === 0) return new Int16Array(0);
    const mono = toMono(frame.data, Math.max(1, frame.channels));
    if (frame.sampleRate === this.sampleRate) {
      return this.#resampler === undefined ? mono : concat([this.flush(), mono]);
    }
    const before = this.#resampler?.inputRate === frame.sampleRate ? [] : [this.flush()];
    this.#resampler ??= new AudioResampler(frame.sampleRate, this.sampleRate);
    const pushed = this.#resampler.push(new AudioFrame(mono, frame.sampleRate, 1, mono.length));
    return concat([...before, ...pushed.map((f) => f.data)]);
  }

  /** The samples still held back; afterwards the resampler is fresh. */
  flush(): Int16Array {
    const rest = this.#resampler?.flush().map((frame) => frame.data) ?? [];
    this.close();
    return concat(rest);
  }

  /** Frees the native resampler. */
  close(): void {
    this.#resampler?.close();
    this.#resampler = undefined;
  }
}

/** Joins sample arrays; a single one is returned as it is. */
export const concat = (parts: readonly Int16Array[]): Int16Array => {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const out = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};
