import type { AdapterError } from '../adapter-error.js';

/** One recognised word. Times in ms of audio since the first sample of the connection. */
export interface TranscriptWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 to 1. */
  readonly confidence?: number;
}

/** Text with the audio it was heard in. Times in ms of audio since the first sample of the connection. */
export interface Transcript {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** BCP 47 tag, if the service says which language it heard. */
  readonly language?: string;
  /** 0 to 1, if the service says. */
  readonly confidence?: number;
  readonly words?: readonly TranscriptWord[];
  readonly speakerId?: string;
}

/**
 * What a message of a streaming service means, whatever its format. A protocol's `parseMessage`
 * returns these; everything else (timestamps across reconnects, repeated words, the framework's
 * events) follows from them.
 */
export type TranscriptEvent =
  /** The service accepted the stream. */
  | { readonly type: 'ready'; readonly requestId?: string }
  | { readonly type: 'speech-started'; readonly atMs?: number }
  | { readonly type: 'speech-ended'; readonly atMs?: number }
  /** May still change. */
  | ({ readonly type: 'interim' } & Transcript)
  /** What the final will be if the pause holds. */
  | ({ readonly type: 'preflight' } & Transcript)
  /**
   * Will not change. Audio before `settledMs` (default: `endMs`) is never sent again. An empty
   * text is allowed: it says that there was nothing to hear.
   */
  | ({ readonly type: 'final'; readonly settledMs?: number } & Transcript)
  /** Nothing more will be said about audio before this. */
  | { readonly type: 'settled'; readonly settledMs: number }
  /** `fatal` ends the connection; `error.retryable` decides whether another one is made. */
  | { readonly type: 'error'; readonly fatal: boolean; readonly error: AdapterError }
  /** Everything that was sent has been answered; the service has nothing more to say. */
  | { readonly type: 'done' }
  /** A message that the protocol does not know: ignored, and logged once for each kind. */
  | { readonly type: 'unknown'; readonly kind: string };
