import { setTimeout as delay } from 'node:timers/promises';
import { AudioFrame } from '@livekit/rtc-node';

/** Frames of 20 ms at 16 kHz whose samples all carry the frame's number, from 1. */
export const FRAME_MS = 20;
export const FRAME_SAMPLES = 320;

export const indexedFrame = (index: number): AudioFrame =>
  new AudioFrame(new Int16Array(FRAME_SAMPLES).fill(index), 16_000, 1, FRAME_SAMPLES);

/** Pushes frames `from`…`to` (inclusive) at `speed` times real time; `frame` makes them. */
export const pushIndexed = async (
  push: (frame: AudioFrame) => void,
  from: number,
  to: number,
  speed = Infinity,
  frame = indexedFrame,
): Promise<void> => {
  const startedAt = performance.now();
  for (let index = from; index <= to; index += 1) {
    push(frame(index));
    if (!Number.isFinite(speed)) continue;
    const dueMs = ((index - from + 1) * FRAME_MS) / speed - (performance.now() - startedAt);
    if (dueMs > 2) await delay(dueMs);
  }
};
