import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  TrackPublishOptions,
  TrackSource,
  type LocalParticipant,
} from '@livekit/rtc-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLIP_SAMPLE_RATE, type Clip } from './read-clip.js';

const FRAME_MS = 10;
const FRAME_SAMPLES = (CLIP_SAMPLE_RATE * FRAME_MS) / 1000;

/** Audio that may wait in the source: enough for a late timer, too little to blur when a clip ends. */
const QUEUE_MS = 200;

/** A microphone that says clips and is silent in between, at the pace of real time. */
export class Speaker {
  readonly #source = new AudioSource(CLIP_SAMPLE_RATE, 1, QUEUE_MS);
  #clip: { samples: Int16Array; at: number; done: (endedAt: number) => void } | undefined;
  #running = true;
  #pump: Promise<void> = Promise.resolve();

  /** Given every frame that is sent: 48 kHz mono. */
  onFrame: ((samples: Int16Array) => void) | undefined;

  /** Publishes the microphone and begins with silence. */
  async publish(participant: LocalParticipant): Promise<void> {
    const track = LocalAudioTrack.createAudioTrack('microphone', this.#source);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE });
    await participant.publishTrack(track, options);
    this.#pump = this.#run();
  }

  /**
   * Says a clip.
   * @returns when the last speech in it was sent: `performance.now()`, ms.
   */
  async say(clip: Clip): Promise<number> {
    const endedAt = await new Promise<number>((done) => {
      this.#clip = { samples: clip.samples, at: 0, done };
    });
    const durationMs = (clip.samples.length / CLIP_SAMPLE_RATE) * 1000;
    return endedAt - (durationMs - clip.speechEndMs);
  }

  /** Stops speaking what is being said. */
  async close(): Promise<void> {
    this.#running = false;
    await this.#pump;
    await this.#source.close();
  }

  async #run(): Promise<void> {
    const startedAt = performance.now();
    for (let sent = 0; this.#running; sent += 1) {
      const samples = this.#next();
      this.onFrame?.(samples);
      await this.#source.captureFrame(new AudioFrame(samples, CLIP_SAMPLE_RATE, 1, FRAME_SAMPLES));
      const aheadMs = (sent + 1) * FRAME_MS - (performance.now() - startedAt);
      if (aheadMs > 0) await sleep(aheadMs);
    }
  }

  #next(): Int16Array {
    const frame = new Int16Array(FRAME_SAMPLES);
    const clip = this.#clip;
    if (clip) {
      frame.set(clip.samples.subarray(clip.at, clip.at + FRAME_SAMPLES));
      clip.at += FRAME_SAMPLES;
      if (clip.at >= clip.samples.length) {
        this.#clip = undefined;
        clip.done(performance.now() + FRAME_MS);
      }
    }
    return frame;
  }
}
