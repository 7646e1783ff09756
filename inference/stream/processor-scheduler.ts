import type { ASROutput, ASRProcessor } from '../asr/asr-processor.js';
import type { Recognition } from '../engines/speech-to-text-engine.js';
import { MAX_PENDING_FINALS } from './stream-limits.js';
import type {
  Utterance,
  UtteranceScheduler,
  UtteranceSchedulerOptions,
} from './utterance-scheduler.js';

/** Settings of a {@link ProcessorScheduler}. */
export interface ProcessorSchedulerOptions extends UtteranceSchedulerOptions {
  readonly createProcessor: () => Promise<ASRProcessor>;
  /** Put between the texts that the processor gives. */
  readonly separator: string;
}

interface Job {
  readonly of: Utterance;
  /** Audio up to here belongs to the utterance. */
  end: number;
  /** Set when the utterance is over. */
  over: { readonly speechEnd: number; readonly noise: boolean } | undefined;
  paused: number | undefined;
}

const PER_MS = 16;

/** Feeds the utterances of one stream to an {@link ASRProcessor}, which decides by itself when a word is final. */
export class ProcessorScheduler implements UtteranceScheduler {
  readonly #options: ProcessorSchedulerOptions;
  readonly #jobs: Job[] = [];
  #processor: ASRProcessor | undefined;
  #waiters: (() => void)[] = [];
  #running = false;
  #stopped = false;
  /** Of the utterance that is worked on: end of the audio that was inserted, and the text that is final. */
  #begun: Utterance | undefined;
  #inserted = 0;
  #parts: ASROutput[] = [];
  #shown = '';

  constructor(options: ProcessorSchedulerOptions) {
    this.#options = options;
  }

  get current(): Utterance | undefined {
    return this.#open?.of;
  }

  get oldestUnsettled(): number | undefined {
    return this.#jobs[0]?.of.start;
  }

  begin(of: Utterance): void {
    this.#jobs.push({ of, end: of.start, over: undefined, paused: undefined });
  }

  pause(speechEnd: number, audioEnd: number): void {
    if (this.#open) this.#open.paused = speechEnd;
    this.audioGrew(audioEnd);
  }

  resume(): void {
    if (this.#open) this.#open.paused = undefined;
  }

  audioGrew(audioEnd: number): void {
    const open = this.#open;
    if (open === undefined) return;
    open.end = audioEnd;
    void this.#work();
  }

  end(speechEnd: number, noise: boolean, tail: number): void {
    const open = this.#open;
    if (open === undefined) return;
    open.end = Math.max(open.of.start, speechEnd + tail);
    open.over = { speechEnd, noise };
    void this.#work();
  }

  async roomForMore(): Promise<void> {
    await this.#until(() => this.#over < MAX_PENDING_FINALS);
  }

  async idle(): Promise<void> {
    await this.#until(() => this.#over === 0);
  }

  stop(): void {
    this.#stopped = true;
    this.#jobs.length = 0;
    this.#wake();
    if (!this.#running) this.#closeProcessor();
  }

  get #open(): Job | undefined {
    const last = this.#jobs.at(-1);
    return last?.over === undefined ? last : undefined;
  }

  get #over(): number {
    return this.#jobs.filter(({ over }) => over !== undefined).length;
  }

  async #work(): Promise<void> {
    if (this.#running || this.#stopped) return;
    this.#running = true;
    try {
      this.#processor ??= await this.#options.createProcessor();
      for (let more = true; more && !this.#isStopped();) more = await this.#step(this.#processor);
    } catch (error) {
      const failed = error instanceof Error ? error : new Error(String(error));
      if (!this.#isStopped()) this.#options.onFailure(failed);
      this.stop();
    } finally {
      this.#running = false;
      if (this.#isStopped()) this.#closeProcessor();
    }
  }

  /** @returns whether there may be more to do */
  async #step(processor: ASRProcessor): Promise<boolean> {
    const [job] = this.#jobs;
    if (job === undefined) return false;
    if (this.#begun !== job.of) this.#start(processor, job);
    const { end, over } = job;
    if (end > this.#inserted) {
      processor.insertAudioChunk(this.#options.audio(this.#inserted, end));
      this.#inserted = end;
      this.#take(await processor.processIter());
      if (!this.#isStopped()) this.#show(processor, job);
      return true;
    }
    if (over === undefined) return false;
    this.#take(await processor.finish());
    if (this.#isStopped()) return false;
    this.#jobs.shift();
    this.#begun = undefined;
    const heard = over.noise ? { text: '', words: [], language: '' } : this.#heard();
    this.#options.onFinal(job.of, over.speechEnd, heard);
    this.#wake();
    return true;
  }

  #start(processor: ASRProcessor, { of }: Job): void {
    processor.init(of.start / PER_MS);
    this.#begun = of;
    this.#inserted = of.start;
    this.#parts = [];
    this.#shown = '';
  }

  #take(output: ASROutput | undefined): void {
    if (output !== undefined && output.text.trim() !== '') this.#parts.push(output);
  }

  #show(processor: ASRProcessor, job: Job): void {
    if (job.over !== undefined) return; // the final comes at once
    const stable = this.#heard().text;
    const heard = this.#heard(processor.pending?.());
    if (heard.text === '') return;
    if (job.paused !== undefined) this.#options.onPreflight(job.of, job.paused, heard);
    else if (this.#options.interimResults && heard.text !== this.#shown) {
      this.#options.onInterim(job.of, job.end, heard, stable);
    }
    this.#shown = heard.text;
  }

  /** The words' times are those of the parts they came in. */
  #heard(pending?: ASROutput): Recognition {
    const parts = pending === undefined ? this.#parts : [...this.#parts, pending];
    const text = parts.map((part) => part.text.trim()).join(this.#options.separator || ' ');
    const startMs = (this.#begun?.start ?? 0) / PER_MS;
    const words = parts.map((part) => ({
      text: part.text.trim(),
      startMs: Math.max(0, Math.round(part.startMs - startMs)),
      endMs: Math.max(0, Math.round(part.endMs - startMs)),
    }));
    return { text: text.trim(), words, language: this.#options.language ?? 'en' };
  }

  #closeProcessor(): void {
    const processor = this.#processor;
    this.#processor = undefined;
    // Its engine may be gone already; there is nothing left to free then.
    void Promise.resolve(processor?.close?.()).catch(() => undefined);
  }

  /** A question of its own, because the compiler does not see that it changes while we wait. */
  #isStopped(): boolean {
    return this.#stopped;
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.#stopped) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  #wake(): void {
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const wake of waiting) wake();
  }
}
