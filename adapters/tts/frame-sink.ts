import { createTimedString, type tts } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { FrameCutter } from './frame-cutter.js';

/** Frames are this long: the first one leaves after 20 ms of audio, not after the usual 100. */
const FRAME_MS = 20;

/**
 * Turns the samples of consecutive pieces into the framework's audio packets: frames of 20 ms
 * across piece boundaries, each piece's text with the frame it begins in, `final` on the last frame
 * of a segment. One frame is always held back, because only then is it known which is the last.
 */
export class FrameSink {
  readonly #cutter: FrameCutter;
  #held: tts.SynthesizedAudio | undefined;
  #text = '';
  #segment = 0;
  #emittedSamples = 0;

  /**
   * @param sampleRate - of the samples and frames, in Hz
   * @param requestId - of the whole stream
   */
  constructor(
    readonly sampleRate: number,
    readonly requestId: string,
    private readonly put: (audio: tts.SynthesizedAudio) => void,
  ) {
    this.#cutter = new FrameCutter(sampleRate, Math.round((sampleRate * FRAME_MS) / 1000));
  }

  /** Whether any audio was handed in. */
  get hasAudio(): boolean {
    return this.#emittedSamples > 0 || this.#held !== undefined;
  }

  /** The samples that follow are this text. */
  beginPiece(text: string): void {
    this.#text += text;
  }

  push(samples: Int16Array): void {
    for (const frame of this.#cutter.push(samples)) this.#frame(frame);
  }

  /** The audio of a segment is complete. */
  endSegment(): void {
    for (const frame of this.#cutter.rest()) this.#frame(frame);
    if (this.#held === undefined) return;
    this.put({ ...this.#held, final: true });
    this.#held = undefined;
    this.#segment += 1;
  }

  #frame(frame: AudioFrame): void {
    if (this.#held !== undefined) this.put(this.#held);
    const text = this.#text;
    this.#text = '';
    this.#held = {
      requestId: this.requestId,
      segmentId: `${this.requestId}-${this.#segment}`,
      frame,
      final: false,
      ...(text === ''
        ? {}
        : {
            deltaText: text,
            timedTranscripts: [
              createTimedString({ text, startTime: this.#emittedSamples / this.sampleRate }),
            ],
          }),
    };
    this.#emittedSamples += frame.samplesPerChannel;
  }
}
