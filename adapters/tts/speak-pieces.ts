import { asFinal, type AdapterError } from '../adapter-error.js';
import type { AdapterErrorCode } from '../error-codes.js';
import { toAPIError, type FailureContext } from '../to-api-error.js';
import { linkAbort } from '../transport/linked-abort.js';
import type { SpeechItem } from './cut-pieces.js';
import type { FrameSink } from './frame-sink.js';
import { PieceAudio } from './piece-audio.js';

/** Failures that concern one piece of text: once others succeeded, the rest of the reply goes on. */
const OF_ONE_PIECE: ReadonlySet<AdapterErrorCode> = new Set([
  'rejected',
  'bad-response',
  'unsupported-audio',
  'response-too-large',
]);

export interface SpeakPiecesOptions {
  readonly items: AsyncIterator<SpeechItem, void, undefined>;
  readonly sink: FrameSink;
  readonly open: (text: string, signal: AbortSignal) => AsyncIterable<Int16Array>;
  /** Called before each request. */
  readonly onRequest: () => void;
  /** A piece was given up and the next one follows. */
  readonly onTrouble: (error: AdapterError) => void;
  readonly maxRetries: number;
  /** For one piece, all attempts together, in ms. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly context: FailureContext;
}

/** What comes next, and its audio if that is on its way already. */
interface Upcoming {
  readonly item: SpeechItem | undefined;
  readonly audio: PieceAudio | undefined;
}

/**
 * Speaks pieces in order. While one is played the next one is requested, but only after the
 * first audio of the current one came: a service with one core would delay what is needed first.
 * Never more than two requests run at once.
 *
 * @throws {AdapterError} not retryable, when nothing could be spoken or the service is gone: the
 * text was consumed, so a repetition by the framework would be silent
 */
export const speakPieces = async (options: SpeakPiecesOptions): Promise<void> => {
  const { sink, context } = options;
  const { signal, abort, dispose } = abortable(options.signal);
  const fetching: Promise<void>[] = [];
  let last: AdapterError | undefined;

  const pull = async (): Promise<Upcoming> => {
    const { value: item, done } = await options.items.next();
    if (done === true) return { item: undefined, audio: undefined };
    if (item === 'segment-end' || signal.aborted) return { item, audio: undefined };
    options.onRequest();
    const { open, maxRetries, deadlineMs } = options;
    const text = item.text.trim();
    const audio = new PieceAudio({ text, open, maxRetries, deadlineMs, signal, context });
    fetching.push(audio.finished);
    return { item, audio };
  };

  /** Plays one piece; resolves to the promise of what follows, if that was asked for meanwhile. */
  const play = async (text: string, audio: PieceAudio): Promise<Promise<Upcoming>[]> => {
    const following: Promise<Upcoming>[] = [];
    sink.beginPiece(text);
    try {
      for await (const samples of audio.samples()) {
        sink.push(samples);
        if (following.length > 0) continue;
        const next = pull();
        // If this piece fails for good nobody waits for the next one any more.
        next.catch(() => undefined);
        following.push(next);
      }
    } catch (error) {
      last = asFinal(toAPIError(error, context));
      const goOn = audio.heard || last.code === 'empty-response' || OF_ONE_PIECE.has(last.code);
      if (!goOn || (!sink.hasAudio && last.code !== 'empty-response')) throw last;
      // Without any audio so far it may be the whole reply that fails: then it is one error, at the end.
      if (sink.hasAudio) options.onTrouble(last);
    }
    return following;
  };

  try {
    let upcoming = pull();
    for (;;) {
      const { item, audio } = await upcoming;
      if (item === undefined || signal.aborted) break;
      if (item === 'segment-end' || audio === undefined) {
        sink.endSegment();
        upcoming = pull();
      } else {
        const [next] = await play(item.text, audio);
        upcoming = next ?? pull();
      }
    }
    if (!signal.aborted && !sink.hasAudio && last !== undefined) throw last;
  } finally {
    abort();
    await Promise.all(fetching);
    dispose();
  }
};

const abortable = (
  source: AbortSignal,
): { signal: AbortSignal; abort: () => void; dispose: () => void } => {
  const own = new AbortController();
  const { signal, dispose } = linkAbort([source, own.signal]);
  return {
    signal,
    abort: () => {
      own.abort();
    },
    dispose,
  };
};
