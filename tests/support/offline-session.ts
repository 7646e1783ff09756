import { ReadableStream, type ReadableStreamDefaultController } from 'node:stream/web';
import { voice } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';

/** A microphone for a session without a room. */
export class TestMicrophone extends voice.AudioInput {
  #controller: ReadableStreamDefaultController<AudioFrame> | undefined;

  constructor() {
    super();
    this.multiStream.addInputStream(
      new ReadableStream<AudioFrame>({
        start: (controller) => {
          this.#controller = controller;
        },
      }),
    );
  }

  push(frame: AudioFrame): void {
    this.#controller?.enqueue(frame);
  }
}

/** A loudspeaker that plays at once and remembers what it played. */
export class TestSpeaker extends voice.AudioOutput {
  readonly frames: AudioFrame[] = [];
  #segmentS = 0;

  constructor() {
    super(24_000);
  }

  get playedS(): number {
    return this.frames.reduce((sum, f) => sum + f.samplesPerChannel / f.sampleRate, 0);
  }

  override async captureFrame(frame: AudioFrame): Promise<void> {
    await super.captureFrame(frame);
    if (this.#segmentS === 0) this.onPlaybackStarted(Date.now());
    this.#segmentS += frame.samplesPerChannel / frame.sampleRate;
    this.frames.push(frame);
  }

  override flush(): void {
    super.flush();
    this.#finish(false);
  }

  override clearBuffer(): void {
    this.#finish(true);
  }

  #finish(interrupted: boolean): void {
    if (this.#segmentS === 0) return;
    const playbackPosition = this.#segmentS;
    this.#segmentS = 0;
    this.onPlaybackFinished({ playbackPosition, interrupted });
  }
}
