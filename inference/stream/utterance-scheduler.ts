import type { Recognition } from '../engines/speech-to-text-engine.js';

/** An utterance; positions in samples at 16 kHz since the stream's start. */
export interface Utterance {
  readonly utterance: number;
  readonly start: number;
}

/** What a scheduler works with, and whom it tells. */
export interface UtteranceSchedulerOptions {
  readonly language: string | undefined;
  readonly interimResults: boolean;
  /** The stream's samples between two positions, as a copy. */
  readonly audio: (from: number, to: number) => Float32Array<ArrayBuffer>;
  /** @param stableText - the beginning of the text, which will not change */
  readonly onInterim: (
    utterance: Utterance,
    end: number,
    heard: Recognition,
    stableText: string,
  ) => void;
  readonly onPreflight: (utterance: Utterance, end: number, heard: Recognition) => void;
  /** Called for every utterance in order, with an empty text where nothing was said. */
  readonly onFinal: (utterance: Utterance, end: number, heard: Recognition) => void;
  readonly onFailure: (error: Error) => void;
}

/** Turns the utterances of one stream into text. */
export interface UtteranceScheduler {
  readonly current: Utterance | undefined;
  /** First sample whose text was not given yet; undefined when there is none. */
  readonly oldestUnsettled: number | undefined;
  begin(utterance: Utterance): void;
  /** The speaker paused after `speechEnd`. */
  pause(speechEnd: number, audioEnd: number): void;
  resume(): void;
  /** There is more audio of the current utterance, which ends in `silence` samples of silence. */
  audioGrew(audioEnd: number, silence: number): void;
  /** The current utterance is over: its final follows. @param tail - samples after `speechEnd` that belong to nobody else */
  end(speechEnd: number, noise: boolean, tail: number): void;
  /** Resolves when the stream may go on: not too many utterances wait for their text. */
  roomForMore(): Promise<void>;
  /** Resolves when every final was given. */
  idle(): Promise<void>;
  stop(): void;
}
