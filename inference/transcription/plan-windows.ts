import { VAD_WINDOW_SAMPLES } from '../engines/voice-activity-engine.js';

/** Kept before and after speech, in samples at 16 kHz (0.3 s): the detector is late at soft first and last sounds. */
const PADDING = 4800;
/** A pause this long separates windows even where both would fit: Whisper invents words in long silences (2 s). */
const LONG_PAUSE = 32_000;
/** Where no pause is found a window is cut at the quietest moment of its last seconds (5 s). */
const CUT_SEARCH = 80_000;

/** A piece of a clip for one pass, in samples. */
export interface ClipWindow {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a clip into windows for the recogniser: at pauses, so that no word is cut, and leaving out long silences.
 *
 * @param speech - the detector's flags, one per {@link VAD_WINDOW_SAMPLES}
 * @param maxSamples - longest window
 */
export function planWindows(
  samples: Float32Array,
  speech: Uint8Array,
  maxSamples: number,
): ClipWindow[] {
  const windows: { start: number; end: number }[] = [];
  for (const run of speechRuns(speech, samples.length)) {
    for (const piece of cutLong(samples, run, maxSamples)) {
      const last = windows.at(-1);
      if (last && piece.start - last.end <= LONG_PAUSE && piece.end - last.start <= maxSamples) {
        last.end = Math.max(last.end, piece.end);
      } else {
        windows.push({ start: Math.max(piece.start, last?.end ?? 0), end: piece.end });
      }
    }
  }
  return windows;
}

function speechRuns(speech: Uint8Array, length: number): ClipWindow[] {
  const runs: ClipWindow[] = [];
  let from = -1;
  for (let i = 0; i <= speech.length; i += 1) {
    if (speech[i] === 1 && from < 0) from = i;
    if (speech[i] !== 1 && from >= 0) {
      const start = Math.max(0, from * VAD_WINDOW_SAMPLES - PADDING);
      runs.push({ start, end: Math.min(length, i * VAD_WINDOW_SAMPLES + PADDING) });
      from = -1;
    }
  }
  return runs;
}

function cutLong(samples: Float32Array, run: ClipWindow, maxSamples: number): ClipWindow[] {
  const pieces: ClipWindow[] = [];
  let { start } = run;
  while (run.end - start > maxSamples) {
    const cut = quietestMoment(samples, start + maxSamples - CUT_SEARCH, start + maxSamples);
    pieces.push({ start, end: cut });
    start = cut;
  }
  pieces.push({ start, end: run.end });
  return pieces;
}

/** The middle of the quietest 32 ms between two samples. */
export function quietestMoment(samples: Float32Array, from: number, to: number): number {
  let best = to;
  let least = Infinity;
  for (let at = Math.max(0, from); at + VAD_WINDOW_SAMPLES <= to; at += VAD_WINDOW_SAMPLES / 2) {
    let energy = 0;
    for (let i = at; i < at + VAD_WINDOW_SAMPLES; i += 1) energy += (samples[i] ?? 0) ** 2;
    if (energy < least) {
      least = energy;
      best = at + VAD_WINDOW_SAMPLES / 2;
    }
  }
  return best;
}
