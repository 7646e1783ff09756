import { expect, it } from 'vitest';
import { AudioClock } from '../../../agent/transcription/audio-clock.js';

const T = 1_700_000_000_000;

it('knows nothing before the first audio', () => {
  expect(new AudioClock().toEpochMs(0)).toBeUndefined();
});

it('counts from when the first audio was spoken', () => {
  const clock = new AudioClock();
  for (let at = 10; at <= 1000; at += 10) clock.push(10, T + at);
  expect(clock.toEpochMs(0)).toBe(T);
  expect(clock.toEpochMs(750)).toBe(T + 750);
});

it('is not moved by a timer that is late', () => {
  const clock = new AudioClock();
  clock.push(10, T + 10);
  clock.push(10, T + 220);
  clock.push(10, T + 30);
  expect(clock.toEpochMs(20)).toBe(T + 20);
});

it('puts what is said after a gap after the gap', () => {
  const clock = new AudioClock();
  clock.push(1000, T + 1000);
  clock.push(1000, T + 7000);
  expect(clock.toEpochMs(500)).toBe(T + 500);
  expect(clock.toEpochMs(1500)).toBe(T + 6500);
});
