import { isSpeakable, TextPieces, type TextPiece, type TextPiecesOptions } from './text-pieces.js';

/** What is spoken next: a piece of text, or the end of a stretch of speech. */
export type SpeechItem = TextPiece | 'segment-end';

/**
 * Cuts a stream of text, in which a symbol marks a flush, into pieces. Pulls from the input only
 * when the next piece is asked for, so that nothing queues here.
 *
 * Text without anything to say (white space, emoji) rides along with the piece before or after it.
 */
export async function* cutPieces(
  input: AsyncIterable<string | symbol>,
  options: TextPiecesOptions,
): AsyncGenerator<SpeechItem, void, undefined> {
  const cutter = new TextPieces(options);
  let silent = '';
  const withSilent = function* (pieces: readonly TextPiece[]): Generator<TextPiece> {
    for (const piece of pieces) {
      const text = silent + piece.text;
      silent = isSpeakable(text) ? '' : text;
      if (silent === '') yield { text };
    }
  };
  for await (const item of input) {
    if (typeof item === 'string') {
      yield* withSilent(cutter.push(item));
    } else {
      yield* withSilent(cutter.flush());
      yield 'segment-end';
    }
  }
  yield* withSilent(cutter.flush());
  yield 'segment-end';
}
