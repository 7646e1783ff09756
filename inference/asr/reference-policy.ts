import type { HypothesisPolicy } from './hypothesis-buffer.js';

/** A word that begins this much before the last committed one ended may still be new. */
const OVERLAP_MS = 100;
/** Repeats are looked for only where the pass begins this near to the last committed word. */
const REPEAT_WITHIN_MS = 1000;
/** Longest repeat that is looked for, in words. */
const REPEAT_WORDS = 5;

/**
 * What whisper_streaming does: old words are told from new ones by time, exact repeats of up to five words are left out, and words are
 * equal when their letters are. It doubles or drops a word at some trims; for comparison with systems that do the same.
 */
export const referencePolicy: HypothesisPolicy = {
  newWords(heard, committed, { lastCommittedMs }) {
    const fresh = heard.filter(({ startMs }) => startMs > lastCommittedMs - OVERLAP_MS);
    const [first] = fresh;
    if (first === undefined || Math.abs(first.startMs - lastCommittedMs) >= REPEAT_WITHIN_MS) {
      return fresh;
    }
    const longest = Math.min(committed.length, fresh.length, REPEAT_WORDS);
    for (let length = 1; length <= longest; length += 1) {
      const tail = committed.slice(-length);
      if (tail.every(({ text }, i) => text === fresh[i]?.text)) return fresh.slice(length);
    }
    return fresh;
  },
  same: (first, second) => first === second,
};
