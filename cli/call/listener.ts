import { AudioStream, type AudioFrame, type RemoteTrack } from '@livekit/rtc-node';
import type { ReadableStreamDefaultReader } from 'node:stream/web';
import { concat } from '../../adapters/audio/mono-resampler.js';
import { rootMeanSquare } from './read-clip.js';

/** Rate of what is recorded of the agent, in Hz. */
export const REPLY_SAMPLE_RATE = 24_000;

/** Loudness (of 32768) above which a frame is speech: −50 dB, codec noise stays far below. */
const SPEECH_LEVEL = 100;

/** A recording keeps at most this much: 10 min. What is older is dropped, first in first out. */
const MAX_RECORDED_SAMPLES = REPLY_SAMPLE_RATE * 600;

/** Hears the agent: records it, and knows when it began and when it last spoke. */
export class Listener {
  #frames: Int16Array[] = [];
  #recordedSamples = 0;
  #firstSpeechAt: number | undefined;
  #lastSpeechAt = 0;
  readonly #tracks: ReadableStreamDefaultReader<AudioFrame>[] = [];
  readonly #readers: Promise<void>[] = [];

  /** Given every frame that is heard: 24 kHz mono. */
  onFrame: ((samples: Int16Array) => void) | undefined;

  /** Forgets what was heard so far. */
  reset(): void {
    this.#frames = [];
    this.#recordedSamples = 0;
    this.#firstSpeechAt = undefined;
  }

  /** When the agent was first heard since `reset`: `performance.now()`, ms. */
  get firstSpeechAt(): number | undefined {
    return this.#firstSpeechAt;
  }

  /** How long the agent has been silent, in ms. */
  get silentForMs(): number {
    return performance.now() - this.#lastSpeechAt;
  }

  /** What was heard since `reset`: 24 kHz mono, from the first speech to the last, silences included. */
  get recording(): Int16Array {
    return concat(this.#frames);
  }

  /** Listens to a track until `close` or until the track ends. */
  add(track: RemoteTrack): void {
    const reader = new AudioStream(track, REPLY_SAMPLE_RATE, 1).getReader();
    this.#tracks.push(reader);
    this.#readers.push(this.#read(reader));
  }

  /** Stops listening. */
  async close(): Promise<void> {
    await Promise.all(this.#tracks.map((reader) => reader.cancel()));
    await Promise.all(this.#readers);
  }

  async #read(reader: ReadableStreamDefaultReader<AudioFrame>): Promise<void> {
    for (;;) {
      const { done, value: frame } = await reader.read();
      if (done) return;
      this.onFrame?.(frame.data);
      if (rootMeanSquare(frame.data) > SPEECH_LEVEL) {
        this.#lastSpeechAt = performance.now();
        this.#firstSpeechAt ??= this.#lastSpeechAt;
      }
      if (this.#firstSpeechAt !== undefined) this.#record(frame.data.slice());
    }
  }

  #record(samples: Int16Array): void {
    this.#frames.push(samples);
    this.#recordedSamples += samples.length;
    while (this.#recordedSamples > MAX_RECORDED_SAMPLES) {
      this.#recordedSamples -= this.#frames.shift()?.length ?? 0;
    }
  }
}
