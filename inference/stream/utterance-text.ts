import { endsSentence } from '../asr/sentences.js';
import { LocalAgreement, type BufferTrimming } from '../asr/local-agreement.js';
import type { TimedWord } from '../asr/timed-word.js';
import type { RecognisedWord, Recognition } from '../engines/speech-to-text-engine.js';

/** How passes over an utterance become its text. */
export interface AgreementSettings {
  /** What the audio of a long utterance is cut at. */
  readonly trimming?: BufferTrimming | undefined;
  /** Length above which it is cut, in ms. */
  readonly trimmingMs?: number | undefined;
  /** The quietest moment between two times of the stream, in ms. */
  readonly quietest?: (fromMs: number, toMs: number) => number;
}

/** A pause between words that ends a segment, in ms: whisper.cpp gives words here, not segments. */
const SEGMENT_GAP_MS = 300;
const SAMPLES_PER_MS = 16;

/**
 * The text of one utterance while passes come in. What two passes agreed on is stable: later passes add to it and never change it,
 * and a long utterance's audio is cut behind it, so that a pass is never much longer than the trimming length.
 */
export class UtteranceText {
  readonly #startMs: number;
  readonly #agreement: LocalAgreement;
  readonly #committed: TimedWord[] = [];
  #language = '';

  /** @param start - first sample of the utterance in the stream */
  constructor(start: number, settings: AgreementSettings = {}) {
    this.#startMs = start / SAMPLES_PER_MS;
    this.#agreement = new LocalAgreement({ ...settings, sep: ' ' }, this.#startMs);
  }

  /** Where the next pass begins, in samples of the stream. */
  get windowStart(): number {
    return Math.trunc(this.#agreement.offsetMs * SAMPLES_PER_MS);
  }

  /** Text before the window, for the recogniser; undefined while the window is the whole utterance. */
  get prompt(): string | undefined {
    return this.#agreement.offsetMs > this.#startMs ? this.#agreement.prompt : undefined;
  }

  /** The part that will not change. */
  get stableText(): string {
    return joined(this.#committed);
  }

  /** All that is known; words in ms from the start of the utterance. */
  get heard(): Recognition {
    const words = [...this.#committed, ...this.#agreement.pending];
    return {
      text: joined(words),
      language: this.#language,
      words: words.map(({ text, startMs, endMs }) => ({
        text,
        startMs: Math.max(0, Math.round(startMs - this.#startMs)),
        endMs: Math.max(0, Math.round(endMs - this.#startMs)),
      })),
    };
  }

  /** Takes a pass over the audio from {@link windowStart}. @param samples - its length */
  hear(pass: Recognition, samples: number): void {
    const lengthMs = samples / SAMPLES_PER_MS;
    const words = wordsOf(pass, lengthMs);
    const { committed } = this.#agreement.insert(words, segmentEnds(words), lengthMs);
    this.#committed.push(...committed);
    this.#language = pass.language;
  }
}

const joined = (words: readonly TimedWord[]): string => words.map(({ text }) => text).join(' ');

/** The words of a pass; where the recogniser timed only some of them, all of them with times spread evenly. */
function wordsOf({ text, words }: Recognition, lengthMs: number): readonly RecognisedWord[] {
  const letters = (value: string): string => value.replaceAll(/\s/g, '');
  const timed = words.map((word) => word.text).join('');
  if (letters(timed) === letters(text)) return words;
  const parts = text.split(/\s+/).filter((part) => part !== '');
  const from = words[0]?.startMs ?? 0;
  const to = words.at(-1)?.endMs ?? lengthMs;
  const eachMs = Math.max(0, to - from) / parts.length;
  return parts.map((part, i) => ({
    text: part,
    startMs: from + i * eachMs,
    endMs: from + (i + 1) * eachMs,
  }));
}

function segmentEnds(words: readonly TimedWord[]): number[] {
  return words
    .filter(({ text, endMs }, i) => {
      const next = words[i + 1];
      return next === undefined || endsSentence(text) || next.startMs - endMs >= SEGMENT_GAP_MS;
    })
    .map(({ endMs }) => endMs);
}
