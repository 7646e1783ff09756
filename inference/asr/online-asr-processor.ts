import { SampleHistory } from '../audio/sample-history.js';
import { quietestMoment } from '../transcription/plan-windows.js';
import type { ASRBase } from './asr-base.js';
import type { ASROutput, ASRProcessor } from './asr-processor.js';
import { LocalAgreement, type BufferTrimming } from './local-agreement.js';
import type { TimedWord } from './timed-word.js';

/** How an {@link OnlineASRProcessor} works. */
export interface OnlineASRProcessorOptions<Result> {
  readonly asr: ASRBase<Result>;
  /** What a long buffer is cut at, and the length above which it is, in s. */
  readonly bufferTrimming?: readonly [by: BufferTrimming, lengthS: number];
  /** New audio before the next pass, in s. */
  readonly minChunkS?: number;
  /** `reference` does exactly what whisper_streaming does. */
  readonly mode?: 'aligned' | 'reference';
}

/** New audio before the next pass where the caller does not say, in s. */
export const DEFAULT_MIN_CHUNK_S = 1;
const SAMPLES_PER_MS = 16;

/**
 * Makes a streaming recogniser of one that hears whole buffers: passes over a growing buffer, LocalAgreement-2 on their words, and
 * the buffer cut at the end of a segment or a sentence when it has become long. Holds at most half a minute of audio.
 */
export class OnlineASRProcessor<Result> implements ASRProcessor {
  readonly #asr: ASRBase<Result>;
  readonly #options: OnlineASRProcessorOptions<Result>;
  readonly #minChunk: number;
  #audio = new SampleHistory();
  #agreement: LocalAgreement;
  /** First sample of the buffer, and the end of what a pass has heard; samples since `init`. */
  #begin = 0;
  #heard = 0;
  #originMs = 0;

  constructor(options: OnlineASRProcessorOptions<Result>) {
    this.#options = options;
    this.#asr = options.asr;
    this.#minChunk = (options.minChunkS ?? DEFAULT_MIN_CHUNK_S) * 1000 * SAMPLES_PER_MS;
    this.#agreement = this.#newAgreement(0);
  }

  init(offsetMs = 0): void {
    this.#audio = new SampleHistory();
    this.#agreement = this.#newAgreement(offsetMs);
    this.#begin = 0;
    this.#heard = 0;
    this.#originMs = offsetMs;
  }

  insertAudioChunk(audio: Float32Array): void {
    this.#audio.append(audio.slice()); // the caller may reuse its buffer
  }

  /** Makes a pass when there is enough new audio. @throws what the recogniser throws; nothing is lost then */
  async processIter(): Promise<ASROutput | undefined> {
    const fresh = this.#audio.end - this.#heard;
    return fresh > 0 && fresh >= this.#minChunk ? this.#output(await this.#pass()) : undefined;
  }

  pending(): ASROutput | undefined {
    return this.#output(this.#agreement.pending);
  }

  /** Where the buffer begins, in ms of the stream. */
  get bufferOffsetMs(): number {
    return this.#agreement.offsetMs;
  }

  /** The last words, of audio that no pass has heard too. Times go on from there. */
  async finish(): Promise<ASROutput | undefined> {
    const committed = this.#audio.end > this.#heard ? await this.#pass() : [];
    const rest = this.#agreement.finish();
    this.#agreement.skipTo(this.#timeOf(this.#audio.end));
    this.#begin = this.#audio.end;
    this.#audio.dropBefore(this.#begin);
    return this.#output([...committed, ...rest]);
  }

  async #pass(): Promise<readonly TimedWord[]> {
    const { end } = this.#audio;
    const result = await this.#asr.transcribe(
      this.#audio.slice(this.#begin, end),
      this.#agreement.prompt,
    );
    this.#heard = end;
    const { committed, cutMs } = this.#agreement.insert(
      this.#asr.tsWords(result),
      this.#asr.segmentsEndTs(result),
      (end - this.#begin) / SAMPLES_PER_MS,
    );
    if (cutMs !== undefined) {
      this.#begin = Math.trunc((cutMs - this.#originMs) * SAMPLES_PER_MS);
      this.#audio.dropBefore(this.#begin);
    }
    return committed;
  }

  #newAgreement(offsetMs: number): LocalAgreement {
    const [trimming, lengthS] = this.#options.bufferTrimming ?? [];
    return new LocalAgreement(
      {
        mode: this.#options.mode,
        trimming,
        trimmingMs: lengthS === undefined ? undefined : lengthS * 1000,
        sep: this.#asr.sep,
        quietest: (fromMs, toMs) => this.#quietest(fromMs, toMs),
      },
      offsetMs,
    );
  }

  #quietest(fromMs: number, toMs: number): number {
    const from = Math.trunc((fromMs - this.#originMs) * SAMPLES_PER_MS);
    const to = Math.trunc((toMs - this.#originMs) * SAMPLES_PER_MS);
    const samples = this.#audio.slice(from, to);
    return this.#timeOf(from + quietestMoment(samples, 0, samples.length));
  }

  #timeOf(sample: number): number {
    return this.#originMs + sample / SAMPLES_PER_MS;
  }

  #output(words: readonly TimedWord[]): ASROutput | undefined {
    const [first] = words;
    const last = words.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const text = words.map((word) => word.text).join(this.#asr.sep);
    return { startMs: first.startMs, endMs: last.endMs, text };
  }
}
