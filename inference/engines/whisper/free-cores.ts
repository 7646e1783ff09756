import { cpus } from 'node:os';

/** Time between looks at the processors, in ms: their counters advance in steps of 10 ms. */
export const SAMPLE_EVERY_MS = 200;
/** A window shorter than this says too little, in ms of all cores together. */
const MIN_WINDOW_MS = 100;

/** A processor's time so far, in ms. */
interface CoreTimes {
  readonly idleMs: number;
  readonly totalMs: number;
}

/**
 * How many cores nobody uses. The threads of ggml wait for each other by spinning: one more than there are free cores, and a
 * pass of 0.3 s takes 10 s. One thread fewer costs a third.
 */
export class FreeCores {
  readonly #read: () => readonly CoreTimes[];
  #last: readonly CoreTimes[];
  #free: number;

  /** @param read - for tests */
  constructor(read: () => readonly CoreTimes[] = readCores) {
    this.#read = read;
    this.#last = read();
    this.#free = this.#last.length;
  }

  /** Cores that were idle in the last window; a fraction where one was partly busy. */
  get free(): number {
    return this.#free;
  }

  /** Looks again, and begins a new window. */
  sample(): void {
    const now = this.#read();
    const sum = (times: readonly CoreTimes[], of: keyof CoreTimes): number =>
      times.reduce((total, core) => total + core[of], 0);
    const totalMs = sum(now, 'totalMs') - sum(this.#last, 'totalMs');
    if (totalMs < MIN_WINDOW_MS * now.length) return;
    const idleMs = sum(now, 'idleMs') - sum(this.#last, 'idleMs');
    this.#free = (Math.max(0, idleMs) / totalMs) * now.length;
    this.#last = now;
  }

  /** Begins a new window without a look, after work of our own that must not count. */
  restart(): void {
    this.#last = this.#read();
  }
}

/** Threads for the next pass: as many as cores are free, within 1 and `max`. A core that is a quarter busy counts as free. */
export function threadsFor(freeCores: number, max: number): number {
  return Math.max(1, Math.min(max, Math.floor(freeCores + 0.25)));
}

function readCores(): CoreTimes[] {
  return cpus().map(({ times }) => ({
    idleMs: times.idle,
    totalMs: times.user + times.nice + times.sys + times.idle + times.irq,
  }));
}
