import type { Recognition, SpeechToTextEngine } from '../engines/speech-to-text-engine.js';
import { STT_PRIORITY } from '../engines/stt-priority.js';
import { recogniseWithRetry } from './recognise-with-retry.js';
import {
  FIRST_INTERIM_MS,
  INTERIM_STEP_PER_PASS,
  MAX_PENDING_FINALS,
  MIN_INTERIM_STEP_MS,
} from './stream-limits.js';

/** An utterance; positions in samples at 16 kHz since the stream's start. */
export interface Utterance {
  readonly utterance: number;
  readonly start: number;
}

/** Settings of a {@link PassScheduler}. */
export interface PassSchedulerOptions {
  readonly stt: SpeechToTextEngine;
  readonly language: string | undefined;
  readonly interimResults: boolean;
  /** The stream's samples between two positions, as a copy. */
  readonly audio: (from: number, to: number) => Float32Array<ArrayBuffer>;
  readonly onInterim: (utterance: Utterance, end: number, heard: Recognition) => void;
  readonly onPreflight: (utterance: Utterance, end: number, heard: Recognition) => void;
  /** Called for every utterance in order, with an empty text where nothing was said. */
  readonly onFinal: (utterance: Utterance, end: number, heard: Recognition) => void;
  readonly onFailure: (error: Error) => void;
}

interface Pass {
  readonly of: Utterance;
  /** The pass heard the audio up to here. */
  readonly end: number;
  readonly heard: Recognition;
}

interface PendingFinal {
  readonly of: Utterance;
  readonly speechEnd: number;
  readonly samples: Float32Array<ArrayBuffer>;
  readonly noise: boolean;
}

const PER_MS = 16;
const NOTHING: Recognition = { text: '', words: [], language: '' };

/**
 * Decides what the recogniser does next for one stream, one pass at a time: finals first, then the text of a speaker who
 * paused, then interim texts when nobody else wants the engine. A pass that heard everything is never repeated.
 */
export class PassScheduler {
  readonly #options: PassSchedulerOptions;
  readonly #stopped = new AbortController();
  readonly #finals: PendingFinal[] = [];
  #waiters: (() => void)[] = [];
  #current: Utterance | undefined;
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
    return this.#current;
  }

  /** First sample whose text was not given yet; undefined when there is none. */
  get oldestUnsettled(): number | undefined {
    return this.#finals[0]?.of.start ?? this.#current?.start;
  }

  begin(utterance: Utterance): void {
    this.#current = utterance;
    this.#pausedAt = undefined;
    this.#lastPass = undefined;
    this.#nextInterimAt = utterance.start + FIRST_INTERIM_MS * PER_MS;
  }

  /** The speaker paused after `speechEnd`. */
  pause(speechEnd: number, audioEnd: number): void {
    this.#pausedAt = speechEnd;
    this.#audioEnd = audioEnd;
    if (this.#covers(this.#lastPass, speechEnd)) this.#preflight(this.#lastPass);
    this.#kick();
  }

  resume(): void {
    this.#pausedAt = undefined;
  }

  /** There is more audio of the current utterance, which ends in `silence` samples of silence. */
  audioGrew(audioEnd: number, silence: number): void {
    this.#audioEnd = audioEnd;
    this.#silence = silence;
    this.#kick();
  }

  /** The current utterance is over: its final follows. @param tail - samples after `speechEnd` that belong to nobody else */
  end(speechEnd: number, noise: boolean, tail: number): void {
    const of = this.#current;
    if (of === undefined) return;
    this.#current = undefined;
    this.#pausedAt = undefined;
    const samples = this.#options.audio(of.start, Math.max(speechEnd, of.start) + tail);
    this.#finals.push({ of, speechEnd, samples, noise });
    this.#kick();
  }

  /** Resolves when the stream may go on: not too many utterances wait for their text. */
  async roomForMore(): Promise<void> {
    await this.#until(() => this.#finals.length < MAX_PENDING_FINALS);
  }

  /** Resolves when every final was given. */
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
          ? pass.heard
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
      return () => this.#urgentPass(final.of, final.samples, final.speechEnd);
    }
    const of = this.#current;
    if (of === undefined) return undefined;
    const end = this.#audioEnd;
    if (this.#pausedAt !== undefined) {
      if (this.#covers(this.#lastPass, this.#pausedAt)) return undefined;
      return () => this.#urgentPass(of, this.#options.audio(of.start, end), end);
    }
    return this.#interimDue(end) ? () => this.#interimPass(of, end) : undefined;
  }

  /** Not in silence, where the text of the pause may be wanted in a moment, and not while anybody else waits. */
  #interimDue(end: number): boolean {
    const free = this.#silence <= 0 && this.#options.stt.waiting === 0;
    return this.#options.interimResults && free && end >= this.#nextInterimAt;
  }

  async #urgentPass(of: Utterance, samples: Float32Array<ArrayBuffer>, end: number): Promise<void> {
    const heard = await recogniseWithRetry(this.#options.stt, {
      samples,
      language: this.#options.language,
      priority: STT_PRIORITY.endOfUtterance,
      signal: this.#stopped.signal,
    });
    this.#passDone({ of, end, heard });
  }

  async #interimPass(of: Utterance, end: number): Promise<void> {
    const startedAt = performance.now();
    try {
      const heard = await this.#options.stt.recognise({
        samples: this.#options.audio(of.start, end),
        language: this.#options.language,
        priority: STT_PRIORITY.interim,
        signal: this.#stopped.signal,
      });
      this.#passDone({ of, end, heard });
    } catch {
      // An interim text may fail: nothing is lost, and the final is tried again when it fails.
    } finally {
      const passMs = performance.now() - startedAt;
      const stepMs = Math.max(MIN_INTERIM_STEP_MS, INTERIM_STEP_PER_PASS * passMs);
      this.#nextInterimAt = Math.max(this.#nextInterimAt, end + stepMs * PER_MS);
    }
  }

  #passDone(pass: Pass): void {
    if (this.#stopped.signal.aborted) return;
    this.#lastPass = pass;
    if (this.#current !== pass.of) return; // it ended meanwhile: #giveKnownFinals takes the text
    if (this.#pausedAt !== undefined && this.#covers(pass, this.#pausedAt)) this.#preflight(pass);
    else if (this.#options.interimResults && pass.heard.text !== '') {
      this.#options.onInterim(pass.of, pass.end, pass.heard);
    }
  }

  #preflight(pass: Pass | undefined): void {
    if (pass === undefined || pass.heard.text === '') return;
    this.#options.onPreflight(pass.of, this.#pausedAt ?? pass.end, pass.heard);
  }

  #covers(pass: Pass | undefined, speechEnd: number): boolean {
    return pass !== undefined && pass.end >= speechEnd;
  }
}
