/**
 * Word error rate: substitutions, insertions and deletions per word of the reference (Levenshtein
 * distance over words), after case and punctuation are taken away.
 */
export const wordErrorRate = (reference: string, hypothesis: string): number => {
  const wanted = words(reference);
  const got = words(hypothesis);
  let previous = got.map((_, index) => index + 1);
  previous.unshift(0);
  for (const [row, word] of wanted.entries()) {
    const current = [row + 1];
    for (const [column, other] of got.entries()) {
      const substituted = (previous[column] ?? 0) + (word === other ? 0 : 1);
      const deleted = (previous[column + 1] ?? 0) + 1;
      const inserted = (current[column] ?? 0) + 1;
      current.push(Math.min(substituted, deleted, inserted));
    }
    previous = current;
  }
  return (previous.at(-1) ?? 0) / Math.max(1, wanted.length);
};

const words = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s']/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
