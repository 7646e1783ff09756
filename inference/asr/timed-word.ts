/** A recognised word; times in ms, from the start of the buffer or of the stream as the place says. */
export interface TimedWord {
  readonly startMs: number;
  readonly endMs: number;
  /** As the model writes it; Whisper's words begin with a space. */
  readonly text: string;
}

/** The word later by `offsetMs`. */
export function shifted({ startMs, endMs, text }: TimedWord, offsetMs: number): TimedWord {
  return { startMs: startMs + offsetMs, endMs: endMs + offsetMs, text };
}

/** A word without case and punctuation, for comparison: `Mr.` and `mr` are the same word. Empty for a dash alone. */
export function spoken(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
