import type { TimedWord } from './timed-word.js';

/** Ends a sentence, also before a closing quote or bracket. */
const SENTENCE_END = /[.!?…。！？]["'”’)\]]*$/u;
/** A full stop after these ends no sentence. */
const ABBREVIATION = /^(?:dr|mr|mrs|ms|prof|st|jr|sr|vs|etc|e\.g|i\.e|no|approx|\p{L})\.$/iu;

/** Whether a word is the last of a sentence. */
export function endsSentence(word: string): boolean {
  const text = word.trim();
  return SENTENCE_END.test(text) && !ABBREVIATION.test(text);
}

/**
 * Where the last but one of the sentences ends, complete or not, in ms: the last two may still be useful to the recogniser.
 *
 * @returns undefined while there are fewer than two
 */
export function lastSentenceStart(words: readonly TimedWord[]): number | undefined {
  const ends: number[] = [];
  for (const { text, endMs } of words) if (endsSentence(text)) ends.push(endMs);
  if (ends.length === 0) return undefined;
  const last = words.at(-1);
  const incomplete = last !== undefined && !endsSentence(last.text);
  return incomplete ? ends.at(-1) : ends.at(-2);
}
