/** A piece shorter than this is spoken with the next one: a voice needs a few words for its melody. */
const MIN_PIECE_CHARS = 12;
/** A longer first piece is cut at a clause, so that the first audio comes early. */
const LONG_FIRST_CHARS = 40;
/** No piece is longer than this: it bounds the time and the memory of one pass. */
const MAX_PIECE_CHARS = 240;

const ABBREVIATION =
  /(?:^|\s)(?:Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|vs|etc|e\.g|i\.e|No|approx|\p{Lu})\.\s*$/u;
const CLAUSE_END = /[,;:—–]\s+/g;
const CONJUNCTION = /\s(?=(?:and|but|or|because|which|who|that|when|while|so|then|if)\s)/g;

/**
 * Cuts text into what is spoken in one pass: sentences, the first one at a clause where it is long.
 *
 * @param text - plain text; white space is normalised
 */
export function splitSpeech(text: string): string[] {
  const sentences = mergeShort(sentencesOf(text.replaceAll(/\s+/g, ' ').trim()));
  const [first, ...rest] = sentences;
  if (first === undefined) return [];
  return [...splitFirst(first), ...rest].flatMap(splitLong);
}

function sentencesOf(text: string): string[] {
  const parts = [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text)];
  const sentences: string[] = [];
  for (const { segment } of parts) {
    const last = sentences.at(-1);
    // Intl.Segmenter ends a sentence after "Dr."
    if (last !== undefined && ABBREVIATION.test(last)) {
      sentences[sentences.length - 1] = last + segment;
    } else sentences.push(segment);
  }
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => sentence !== '');
}

/** A short sentence goes with the next; the first stands alone, it is what the listener waits for. */
function mergeShort(sentences: readonly string[]): string[] {
  const merged: string[] = [];
  for (const sentence of sentences) {
    const last = merged.at(-1);
    if (last !== undefined && merged.length > 1 && last.length < MIN_PIECE_CHARS) {
      merged[merged.length - 1] = `${last} ${sentence}`;
    } else merged.push(sentence);
  }
  return merged;
}

function splitFirst(sentence: string): string[] {
  if (sentence.length <= LONG_FIRST_CHARS) return [sentence];
  for (const boundary of [CLAUSE_END, CONJUNCTION]) {
    for (const match of sentence.matchAll(boundary)) {
      const cut = match.index + match[0].length;
      if (cut >= MIN_PIECE_CHARS && sentence.length - cut >= MIN_PIECE_CHARS) {
        return [sentence.slice(0, cut).trim(), sentence.slice(cut).trim()];
      }
    }
  }
  return [sentence];
}

function splitLong(piece: string): string[] {
  const pieces: string[] = [];
  let rest = piece;
  while (rest.length > MAX_PIECE_CHARS) {
    const window = rest.slice(0, MAX_PIECE_CHARS);
    const clause = Math.max(...[', ', '; ', ': '].map((end) => window.lastIndexOf(end))) + 1;
    const space = window.lastIndexOf(' ');
    const cut = clause > MIN_PIECE_CHARS ? clause : space > MIN_PIECE_CHARS ? space : window.length;
    pieces.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return rest === '' ? pieces : [...pieces, rest];
}
