import type { TimedWord } from './timed-word.js';

/**
 * A recogniser as the local-agreement processor uses it: audio in, words with times out. `Result` is whatever the model
 * answers; only the model itself looks inside.
 */
export interface ASRBase<Result = unknown> {
  /** Put between words when they are joined: empty where the model's words bring their own space, as Whisper's do. */
  readonly sep: string;
  /**
   * Recognises a whole buffer.
   *
   * @param audio - mono float samples at 16 kHz, −1…1; the callee may keep or transfer it
   * @param initPrompt - text that came before the buffer
   */
  transcribe(audio: Float32Array<ArrayBuffer>, initPrompt: string): Promise<Result>;
  /** The words of a result, in order; ms from the start of the buffer. */
  tsWords(result: Result): readonly TimedWord[];
  /** Where the result's segments end; ms from the start of the buffer, ascending. */
  segmentsEndTs(result: Result): readonly number[];
  /** Asks the model to leave silence out by itself. @returns whether it can */
  useVad(): boolean;
}
