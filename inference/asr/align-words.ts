import { spoken, type TimedWord } from './timed-word.js';

/** Cost of a word that one side has and the other has not, or has otherwise. */
const EDIT = 1;
/** Cost of a second between a word's time and the side that it is counted to: time decides where the text does not. */
const COST_PER_S = 1;

/**
 * Where new words begin: the end of the part of `heard` that says what `known` says, though perhaps with other letters or at other
 * times. Recognisers move words by some tenths of a second from pass to pass, so that a cut by time alone doubles or drops words.
 *
 * @param known - words that were committed, in order
 * @param heard - a later pass over the same audio, in order; times on the same clock
 * @returns an index into `heard`
 */
export function newWordsFrom(known: readonly TimedWord[], heard: readonly TimedWord[]): number {
  const last = known.at(-1);
  if (last === undefined) return 0;
  const costs = alignmentCosts(known, heard);
  const boundary = last.endMs;
  const middle = (word: TimedWord): number => (word.startMs + word.endMs) / 2;
  let best = 0;
  let least = Infinity;
  for (let split = 0; split <= heard.length; split += 1) {
    const before = heard[split - 1];
    const after = heard[split];
    const late = before === undefined ? 0 : Math.max(0, middle(before) - boundary);
    const early = after === undefined ? 0 : Math.max(0, boundary - middle(after));
    const cost = (costs[split] ?? Infinity) + ((late + early) / 1000) * COST_PER_S;
    if (cost < least) {
      least = cost;
      best = split;
    }
  }
  return best;
}

/** Edit distance of the whole of `known` to every prefix of `heard`. */
function alignmentCosts(known: readonly TimedWord[], heard: readonly TimedWord[]): number[] {
  const right = heard.map(({ text }) => spoken(text));
  const weight = (word: string | undefined): number => (word === '' ? 0 : EDIT); // a dash costs nothing
  let row = [0];
  for (const word of right) row.push((row.at(-1) ?? 0) + weight(word));
  for (const { text } of known) {
    const left = spoken(text);
    const next = [(row[0] ?? 0) + weight(left)];
    for (let i = 1; i <= right.length; i += 1) {
      const other = right[i - 1];
      next.push(
        Math.min(
          (row[i - 1] ?? 0) + (left === other ? 0 : EDIT),
          (row[i] ?? 0) + weight(left),
          (next[i - 1] ?? 0) + weight(other),
        ),
      );
    }
    row = next;
  }
  return row;
}
