import { readFileSync } from 'node:fs';
import type { ASRBase } from '../../inference/asr/asr-base.js';
import type { TimedWord } from '../../inference/asr/timed-word.js';

/** A word of a trace: start and end in s, text. */
export type GoldenWord = readonly [number, number, string];

/** What whisper_streaming did in one pass; times in s. */
export interface GoldenPass {
  readonly audioEndS: number;
  readonly bufferS: number;
  readonly offsetS: number;
  readonly prompt: string;
  /** Within the buffer. */
  readonly words: readonly GoldenWord[];
  readonly segmentEnds: readonly number[];
  readonly emitted: readonly [number | null, number | null, string];
  readonly pending: readonly GoldenWord[];
  readonly offsetAfterS: number;
  readonly committedInBuffer: number;
}

/** A trace of tests/fixtures/local-agreement. */
export interface GoldenTrace {
  readonly minChunkS: number;
  readonly trimmingS: number;
  readonly text: string;
  readonly passes: readonly GoldenPass[];
  readonly finish: readonly [number | null, number | null, string];
}

export const GOLDEN_TRACES = ['chunk1.0.trim15', 'chunk0.5.trim8', 'chunk1.0.trim8'] as const;

export function readTrace(name: string): GoldenTrace {
  const url = new URL(`../fixtures/local-agreement/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as GoldenTrace;
}

/** A recogniser that answers with the recorded passes, whatever the audio. */
export class GoldenASR implements ASRBase<GoldenPass> {
  readonly sep = '';
  readonly prompts: string[] = [];
  readonly bufferS: number[] = [];
  #next = 0;

  /**
   * @param bufferOffsetMs - where the processor's buffer begins; the recorded words are moved onto it. Without it they are taken as
   * recorded, for a processor that cuts where the reference did.
   */
  constructor(
    readonly trace: GoldenTrace,
    readonly bufferOffsetMs?: () => number,
  ) {}

  transcribe(audio: Float32Array<ArrayBuffer>, initPrompt: string): Promise<GoldenPass> {
    const pass = this.trace.passes[this.#next];
    if (pass === undefined) throw new Error(`the trace has only ${this.#next} passes`);
    this.#next += 1;
    this.prompts.push(initPrompt);
    this.bufferS.push(audio.length / 16_000);
    return Promise.resolve(pass);
  }

  tsWords(pass: GoldenPass): TimedWord[] {
    const moveMs = this.#moveMs(pass);
    return pass.words
      .map(([start, end, text]) => ({
        startMs: start * 1000 + moveMs,
        endMs: end * 1000 + moveMs,
        text,
      }))
      .filter(({ startMs, endMs }) => this.bufferOffsetMs === undefined || startMs + endMs >= 0);
  }

  segmentsEndTs(pass: GoldenPass): number[] {
    return pass.segmentEnds.map((end) => end * 1000 + this.#moveMs(pass));
  }

  useVad(): boolean {
    return false;
  }

  #moveMs(pass: GoldenPass): number {
    return this.bufferOffsetMs === undefined ? 0 : pass.offsetS * 1000 - this.bufferOffsetMs();
  }
}

/** Silence of a trace's length, in the chunks in which the reference got its audio. */
export function* traceChunks(trace: GoldenTrace): Generator<Float32Array<ArrayBuffer>> {
  let from = 0;
  for (const { audioEndS } of trace.passes) {
    const to = Math.round(audioEndS * 16_000);
    yield new Float32Array(to - from);
    from = to;
  }
}
