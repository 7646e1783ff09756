import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplayBuffer } from '../../../adapters/resilience/replay-buffer.js';

const SECONDS = 1;
const RATE = 1000;

/** Sample n of the stream has the value n. */
const fill = (buffer: ReplayBuffer, lengths: readonly number[]): void => {
  for (const length of lengths) {
    const from = buffer.end;
    buffer.append(Int16Array.from({ length }, (_, i) => from + i));
  }
};

describe('the replay buffer', () => {
  it('keeps what is not settled, in order, at its place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 80 }), { maxLength: 40 }),
        fc.array(fc.integer({ min: -10, max: 4000 }), { maxLength: 10 }),
        fc.nat(4000),
        (lengths, settles, from) => {
          const buffer = new ReplayBuffer(RATE, { maxSeconds: SECONDS });
          fill(buffer, lengths);
          let settled = 0;
          for (const at of settles) {
            buffer.settle(at);
            expect(buffer.settled).toBeGreaterThanOrEqual(settled);
            settled = buffer.settled;
          }
          expect(buffer.start).toBeGreaterThanOrEqual(settled);
          expect(buffer.end - buffer.start).toBeLessThanOrEqual(SECONDS * RATE);
          const kept = buffer.slice(0, Infinity);
          expect([...kept]).toEqual(
            Array.from({ length: buffer.end - buffer.start }, (_, i) => buffer.start + i),
          );
          const piece = buffer.read(from);
          if (piece !== undefined) expect(piece.pcm[0]).toBe(piece.start);
          expect(piece?.start).toBe(
            Math.max(from, buffer.start) >= buffer.end ? undefined : Math.max(from, buffer.start),
          );
        },
      ),
    );
  });

  it('drops the oldest beyond its limits, and counts it', () => {
    const bySeconds = new ReplayBuffer(RATE, { maxSeconds: 0.5 });
    fill(bySeconds, Array<number>(20).fill(50));
    expect(bySeconds.start).toBe(500);
    expect(bySeconds.droppedSamples).toBe(500);
    const byBytes = new ReplayBuffer(RATE, { maxBytes: 200 });
    fill(byBytes, Array<number>(20).fill(50));
    expect(byBytes.end - byBytes.start).toBe(100);
  });
});
