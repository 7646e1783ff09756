import { newWordsFrom } from './align-words.js';
import type { HypothesisContext, HypothesisPolicy } from './hypothesis-buffer.js';
import { spoken, type TimedWord } from './timed-word.js';

/** A word this short at the very beginning of the buffer was not heard there: the prompt was continued. */
const NO_DURATION_MS = 20;
/** What begins this soon after the cut may be the end of a word that was cut. */
const AT_CUT_MS = 150;
/** Several words that repeat what was said just before the cut are a repeat when they begin this soon. */
const REPEAT_WITHIN_MS = 1000;

/**
 * The default: what was committed is found in the new pass by its words first and by its times second, and case and punctuation do
 * not count, so that no word is doubled or dropped where the buffer was cut.
 */
export const alignedPolicy: HypothesisPolicy = {
  newWords(heard, committed, context) {
    const real = heard.filter(
      ({ startMs, endMs }) =>
        endMs - startMs > NO_DURATION_MS || startMs - context.offsetMs > NO_DURATION_MS,
    );
    const from =
      committed.length > 0 ? newWordsFrom(committed, real) : repeatedWords(real, context);
    return real.slice(from);
  },
  same: (first, second) => spoken(first) === spoken(second),
};

/** How many words at the beginning of the buffer were said before it. */
function repeatedWords(
  heard: readonly TimedWord[],
  { gone, offsetMs, lastCommittedMs }: HypothesisContext,
): number {
  const [first] = heard;
  if (first === undefined || first.startMs - lastCommittedMs >= REPEAT_WITHIN_MS) return 0;
  for (let length = Math.min(gone.length, heard.length); length > 0; length -= 1) {
    const tail = gone.slice(-length);
    if (!tail.every(({ text }, i) => spoken(text) === spoken(heard[i]?.text ?? ''))) continue;
    // One word alone may be said twice: it is a repeat only where the cut is.
    if (length > 1 || first.startMs - offsetMs <= AT_CUT_MS) return length;
  }
  return 0;
}
