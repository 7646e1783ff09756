/** Text that was decided; times in ms of the stream. It is never taken back. */
export interface ASROutput {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}

/**
 * Recognises one stream piece by piece. The endpoint knows nothing more of a real-time engine than this; one object serves one
 * stream, and its calls do not overlap.
 */
export interface ASRProcessor {
  /** Forgets everything: a new stream begins, or goes on at `offsetMs`. */
  init(offsetMs?: number): void;
  /** @param audio - the next mono float samples at 16 kHz, −1…1 */
  insertAudioChunk(audio: Float32Array): void;
  /** Works on what was inserted. @returns text that is final now, undefined when there is none */
  processIter(): Promise<ASROutput | undefined>;
  /** Text that was heard and may still change, for display. */
  pending?(): ASROutput | undefined;
  /** No more audio comes. @returns the rest of the text */
  finish(): Promise<ASROutput | undefined>;
  /** Frees what the stream holds. */
  close?(): Promise<void> | void;
}
