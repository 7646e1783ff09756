import { createTimedString, normalizeLanguage, stt } from '@livekit/agents';
import type { Transcript, TranscriptEvent, TranscriptWord } from './transcript-event.js';

type Heard = Extract<TranscriptEvent, { type: 'interim' | 'preflight' | 'final' }>;

export interface TranscriptPublisherOptions {
  /** Reported where the service names no language. */
  readonly language: string | undefined;
  /** Added to every time, in seconds: where the stream began in the session. */
  readonly startTimeOffsetS: () => number;
  readonly emit: (event: stt.SpeechEvent) => void;
}

/**
 * Turns what a service says into the framework's events: each start of speech once, each final
 * once, the end of speech after the final it belongs to, all times on one clock.
 *
 * Times handed in are ms on the stream's clock, see `ConnectionTimeline`.
 */
export class TranscriptPublisher {
  /** Identifies the events of one connection; a service's own id replaces it. */
  requestId = '';
  readonly #options: TranscriptPublisherOptions;
  #speaking = false;
  /** The start was inferred from text: such a service says no end either, the final is it. */
  #inferred = false;
  /** Text was shown, or speech began, and no final came since. */
  #open = false;
  #heldEndMs: number | undefined;
  #publishedUpToMs = 0;

  constructor(options: TranscriptPublisherOptions) {
    this.#options = options;
  }

  /** End of the audio whose words are published, in ms. */
  get publishedUpToMs(): number {
    return this.#publishedUpToMs;
  }

  speechStarted(): void {
    this.#releaseEnd();
    this.#inferred = false;
    if (this.#speaking) return;
    this.#speaking = true;
    this.#open = true;
    this.#emit(stt.SpeechEventType.START_OF_SPEECH);
  }

  /** The end is held back while a final is outstanding: whoever ends the turn on it wants the words. */
  speechEnded(atMs: number): void {
    if (!this.#speaking) return;
    this.#heldEndMs = atMs;
    if (!this.#open) this.#releaseEnd();
  }

  /** Nothing more will be said about audio before `upToMs`. */
  settled(upToMs: number): void {
    if (this.#heldEndMs !== undefined && upToMs >= this.#heldEndMs) this.#releaseEnd();
  }

  /**
   * Publishes text. Words heard entirely before `skipBeforeMs` are left out: they were published
   * before the connection broke and were recognised again from the replay.
   */
  heard(event: Heard, skipBeforeMs: number): void {
    const fresh = withoutPublished(event, skipBeforeMs);
    if (fresh.text.trim() !== '') {
      if (!this.#speaking) {
        this.speechStarted();
        this.#inferred = true;
      }
      this.#emit(EVENT_TYPES[event.type], this.#data(fresh));
      this.#open = event.type !== 'final';
    } else if (event.type === 'final') {
      this.#open = false;
    }
    if (event.type !== 'final') return;
    this.#publishedUpToMs = Math.max(this.#publishedUpToMs, event.endMs);
    if (this.#inferred && this.#speaking) this.#heldEndMs ??= event.endMs;
    this.#releaseEnd();
  }

  /** Reports recognised audio, in seconds: billing and metrics follow it. */
  usage(audioDuration: number): void {
    this.#emit(stt.SpeechEventType.RECOGNITION_USAGE, undefined, { audioDuration });
  }

  /** The stream ends: an end of speech that was held back goes out. */
  finish(): void {
    this.#releaseEnd();
  }

  #releaseEnd(): void {
    if (this.#heldEndMs === undefined) return;
    this.#heldEndMs = undefined;
    this.#speaking = false;
    this.#open = false;
    this.#emit(stt.SpeechEventType.END_OF_SPEECH);
  }

  #emit(type: stt.SpeechEventType, data?: stt.SpeechData, usage?: stt.RecognitionUsage): void {
    this.#options.emit({
      type,
      requestId: this.requestId,
      ...(data === undefined ? {} : { alternatives: [data] }),
      ...(usage === undefined ? {} : { recognitionUsage: usage }),
    });
  }

  #data(heard: Transcript): stt.SpeechData {
    const offset = this.#options.startTimeOffsetS();
    const seconds = (ms: number): number => ms / 1000 + offset;
    const { words, speakerId } = heard;
    return {
      text: heard.text.trim(),
      language: normalizeLanguage(heard.language ?? this.#options.language ?? ''),
      startTime: seconds(heard.startMs),
      endTime: seconds(heard.endMs),
      // The framework wants a number; like its own plugins, 0 stands for "not said".
      confidence: heard.confidence ?? 0,
      ...(speakerId === undefined ? {} : { speakerId }),
      ...(words === undefined
        ? {}
        : {
            words: words.map((word) =>
              createTimedString({
                text: word.text,
                startTime: seconds(word.startMs),
                endTime: seconds(word.endMs),
                startTimeOffset: offset,
                ...(word.confidence === undefined ? {} : { confidence: word.confidence }),
              }),
            ),
          }),
    };
  }
}

const EVENT_TYPES = {
  interim: stt.SpeechEventType.INTERIM_TRANSCRIPT,
  preflight: stt.SpeechEventType.PREFLIGHT_TRANSCRIPT,
  final: stt.SpeechEventType.FINAL_TRANSCRIPT,
} as const;

/** A word counts as published if more than half of it was. */
const isPublished = (word: TranscriptWord, upToMs: number): boolean =>
  (word.startMs + word.endMs) / 2 < upToMs;

/** Scripts written without spaces between words. */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]$/u;

/** The text of words, with spaces where their script has them. */
export const joinWords = (words: readonly { readonly text: string }[]): string =>
  words.reduce<string>((text, word) => {
    const glue = text === '' || SPACELESS.test(text) || /^\s/.test(word.text) ? '' : ' ';
    return text + glue + word.text;
  }, '');

const withoutPublished = (heard: Heard, upToMs: number): Heard => {
  if (heard.startMs >= upToMs) return heard;
  if (heard.endMs <= upToMs) return { ...heard, text: '' };
  const words = heard.words?.filter((word) => !isPublished(word, upToMs));
  if (words === undefined || words.length === heard.words?.length) return heard;
  return { ...heard, words, text: joinWords(words), startMs: words[0]?.startMs ?? heard.endMs };
};
