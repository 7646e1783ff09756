import wavefile from 'wavefile';

/** Audio that comes this much early or late still follows what came before: timers jitter, clocks do not jump. */
const JITTER_MS = 120;

/** 20 min: two channels of that are 115 MB. What comes later is not recorded, and counted. */
const LONGEST_MS = 20 * 60_000;

interface Side {
  readonly pieces: { at: number; samples: Int16Array }[];
  /** Where the next piece goes if it comes in time, in samples. */
  next: number;
}

/** Records both sides of a call on one clock: the caller on the left, the agent on the right. */
export class StereoRecorder {
  readonly #startedAt: number;
  readonly #sides: readonly [Side, Side] = [
    { pieces: [], next: 0 },
    { pieces: [], next: 0 },
  ];
  /** Audio after the longest recording, in ms of one side. */
  droppedMs = 0;

  /**
   * @param sampleRate - of what is added, in Hz
   * @param now - a clock in ms, for tests
   */
  constructor(
    readonly sampleRate: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#startedAt = now();
  }

  /** Adds mono samples that were heard or said until now. */
  add(side: 'caller' | 'agent', samples: Int16Array): void {
    const track = this.#sides[side === 'caller' ? 0 : 1];
    const endedAt = this.#toSamples(this.now() - this.#startedAt);
    const expected = endedAt - samples.length;
    const isInTime = Math.abs(expected - track.next) <= this.#toSamples(JITTER_MS);
    const at = isInTime ? track.next : Math.max(track.next, expected);
    if (at + samples.length > this.#toSamples(LONGEST_MS)) {
      this.droppedMs += (samples.length * 1000) / this.sampleRate;
      return;
    }
    track.pieces.push({ at, samples: samples.slice() });
    track.next = at + samples.length;
  }

  /** The recording as a WAV file. */
  toWav(): Uint8Array {
    const [left, right] = this.#sides;
    const length = Math.max(left.next, right.next);
    const channels = [left, right].map(({ pieces }) => {
      const channel = new Int16Array(length);
      for (const { at, samples } of pieces) channel.set(samples, at);
      return channel;
    });
    const wav = new wavefile.WaveFile();
    wav.fromScratch(2, this.sampleRate, '16', channels);
    return wav.toBuffer();
  }

  #toSamples(ms: number): number {
    return Math.round((ms * this.sampleRate) / 1000);
  }
}
