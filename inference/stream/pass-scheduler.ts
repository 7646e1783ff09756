import type { Recognition, SpeechToTextEngine } from '../engines/speech-to-text-engine.js';
import { STT_PRIORITY } from '../engines/stt-priority.js';
import { recogniseWithRetry } from './recognise-with-retry.js';
import {
  FIRST_INTERIM_MS,
  INTERIM_STEP_PER_PASS,
  MAX_PENDING_FINALS,
  MIN_INTERIM_STEP_MS,
} from './stream-limits.js';
import type {
  Utterance,
  UtteranceScheduler,
  UtteranceSchedulerOptions,
} from './utterance-scheduler.js';
import { UtteranceText, type AgreementSettings } from './utterance-text.js';

/** Settings of a {@link PassScheduler}. */
export interface PassSchedulerOptions extends UtteranceSchedulerOptions {
  readonly stt: SpeechToTextEngine;
  /** How passes become text, and how long utterances are cut. */
  readonly agreement?: AgreementSettings | undefined;
  /** New audio before the next interim pass, in ms; default {@link MIN_INTERIM_STEP_MS}. */
  readonly minChunkMs?: number | undefined;
}

/** An utterance with its text so far. */
interface Spoken {
  readonly of: Utterance;
  readonly text: UtteranceText;
}

interface Pass extends Spoken {
  /** The pass heard the audio up to here. */
  readonly end: number;
}

interface PendingFinal extends Spoken {
  readonly speechEnd: number;
  /** From the utterance's start. */
  readonly samples: Float32Array<ArrayBuffer>;
  readonly noise: boolean;
}

const PER_MS = 16;
const NOTHING: Recognition = { text: '', words: [], language: '' };

/**
 * Decides what the recogniser does next for one stream, one pass at a time: finals first, then the text of a speaker who
 * paused, then interim texts when nobody else wants the engine. A pass that heard everything is never repeated.
 */
export class PassScheduler implements UtteranceScheduler {
  readonly #options: PassSchedulerOptions;
  readonly #stopped = new AbortController();
  readonly #finals: PendingFinal[] = [];
  #waiters: (() => void)[] = [];
  #current: Spoken | undefined;
  #audioEnd = 0;
  #silence = 0;
  #pausedAt: number | undefined;
  #lastPass: Pass | undefined;
  #nextInterimAt = 0;
  #running: Promise<void> | undefined;

  constructor(options: PassSchedulerOptions) {
    this.#options = options;
  }

  get current(): Utterance | undefined {
    return this.#current?.of;
  }

  get oldestUnsettled(): number | undefined {
    return this.#finals[0]?.of.start ?? this.#current?.of.start;
  }

  begin(utterance: Utterance): void {
    const text = new UtteranceText(utterance.start, this.#options.agreement);
    this.#current = { of: utterance, text };
    this.#pausedAt = undefined;
    this.#lastPass = undefined;
    const firstMs = Math.max(FIRST_INTERIM_MS, this.#options.minChunkMs ?? 0);
    this.#nextInterimAt = utterance.start + firstMs * PER_MS;
  }

  pause(speechEnd: number, audioEnd: number): void {
    this.#pausedAt = speechEnd;
    this.#audioEnd = audioEnd;
    if (this.#covers(this.#lastPass, speechEnd)) this.#preflight(this.#lastPass);
    this.#kick();
  }

  resume(): void {
    this.#pausedAt = undefined;
  }

  audioGrew(audioEnd: number, silence: number): void {
    this.#audioEnd = audioEnd;
    this.#silence = silence;
    this.#kick();
  }

  end(speechEnd: number, noise: boolean, tail: number): void {
    const spoken = this.#current;
    if (spoken === undefined) return;
    this.#current = undefined;
    this.#pausedAt = undefined;
    const from = spoken.of.start;
    // From the start: a pass that is running may still move the window.
    const samples = this.#options.audio(from, Math.max(speechEnd, from) + tail);
    this.#finals.push({ ...spoken, speechEnd, samples, noise });
    this.#kick();
  }

  async roomForMore(): Promise<void> {
    await this.#until(() => this.#finals.length < MAX_PENDING_FINALS);
  }

  async idle(): Promise<void> {
    await this.#until(() => this.#finals.length === 0);
  }

  stop(): void {
    this.#stopped.abort(new Error('the stream was closed'));
    this.#finals.length = 0;
    this.#current = undefined;
    this.#wake();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!condition() && !this.#stopped.signal.aborted) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  #wake(): void {
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const wake of waiting) wake();
  }

  #kick(): void {
    if (this.#running !== undefined || this.#stopped.signal.aborted) return;
    this.#giveKnownFinals();
    const next = this.#next();
    if (next === undefined) return;
    this.#running = next()
      .catch((error: unknown) => {
        if (this.#stopped.signal.aborted) return;
        this.#options.onFailure(error instanceof Error ? error : new Error(String(error)));
        this.stop();
      })
      .finally(() => {
        this.#running = undefined;
        this.#kick();
      });
  }

  /** Finals that need no pass: noise, and text that a pass in the last pause has found already. */
  #giveKnownFinals(): void {
    for (let final = this.#finals[0]; final !== undefined; final = this.#finals[0]) {
      const pass = this.#lastPass;
      const known = final.noise
        ? NOTHING
        : pass?.of === final.of && this.#covers(pass, final.speechEnd)
          ? final.text.heard
          : undefined;
      if (known === undefined) return;
      this.#finals.shift();
      this.#options.onFinal(final.of, final.speechEnd, known);
      this.#wake();
    }
  }

  #next(): (() => Promise<void>) | undefined {
    const [final] = this.#finals;
    if (final !== undefined) {
      const samples = final.samples.subarray(final.text.windowStart - final.of.start);
      return () => this.#urgentPass(final, samples, final.speechEnd);
    }
    const spoken = this.#current;
    if (spoken === undefined) return undefined;
    const end = this.#audioEnd;
    if (this.#pausedAt !== undefined) {
      if (this.#covers(this.#lastPass, this.#pausedAt)) return undefined;
      return () => this.#urgentPass(spoken, this.#window(spoken, end), end);
    }
    return this.#interimDue(end) ? () => this.#interimPass(spoken, end) : undefined;
  }

  /** Not in silence, where the text of the pause may be wanted in a moment, and not while anybody else waits. */
  #interimDue(end: number): boolean {
    const free = this.#silence <= 0 && this.#options.stt.waiting === 0;
    return this.#options.interimResults && free && end >= this.#nextInterimAt;
  }

  #window({ text }: Spoken, end: number): Float32Array<ArrayBuffer> {
    return this.#options.audio(text.windowStart, end);
  }

  async #urgentPass(
    spoken: Spoken,
    samples: Float32Array<ArrayBuffer>,
    end: number,
  ): Promise<void> {
    const heard = await recogniseWithRetry(this.#options.stt, {
      samples,
      language: this.#options.language,
      prompt: spoken.text.prompt,
      priority: STT_PRIORITY.endOfUtterance,
      signal: this.#stopped.signal,
    });
    this.#passDone(spoken, end, heard, samples.length);
  }

  async #interimPass(spoken: Spoken, end: number): Promise<void> {
    const startedAt = performance.now();
    const samples = this.#window(spoken, end);
    const { length } = samples; // the samples are moved to the engine
    try {
      const heard = await this.#options.stt.recognise({
        samples,
        language: this.#options.language,
        prompt: spoken.text.prompt,
        priority: STT_PRIORITY.interim,
        signal: this.#stopped.signal,
      });
      this.#passDone(spoken, end, heard, length);
    } catch {
      // An interim text may fail: nothing is lost, and the final is tried again when it fails.
    } finally {
      const passMs = performance.now() - startedAt;
      const leastMs = this.#options.minChunkMs ?? MIN_INTERIM_STEP_MS;
      const stepMs = Math.max(leastMs, INTERIM_STEP_PER_PASS * passMs);
      this.#nextInterimAt = Math.max(this.#nextInterimAt, end + stepMs * PER_MS);
    }
  }

  #passDone({ of, text }: Spoken, end: number, heard: Recognition, samples: number): void {
    if (this.#stopped.signal.aborted) return;
    text.hear(heard, samples);
    const pass = { of, text, end };
    this.#lastPass = pass;
    if (this.#current?.of !== of) return; // it ended meanwhile: #giveKnownFinals takes the text
    if (this.#pausedAt !== undefined && this.#covers(pass, this.#pausedAt)) this.#preflight(pass);
    else if (this.#options.interimResults && text.heard.text !== '') {
      this.#options.onInterim(of, end, text.heard, text.stableText);
    }
  }

  #preflight(pass: Pass | undefined): void {
    if (pass === undefined || pass.text.heard.text === '') return;
    this.#options.onPreflight(pass.of, this.#pausedAt ?? pass.end, pass.text.heard);
  }

  #covers(pass: Pass | undefined, speechEnd: number): boolean {
    return pass !== undefined && pass.end >= speechEnd;
  }
}
