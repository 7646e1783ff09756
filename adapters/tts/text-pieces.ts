/** A stretch of text to be spoken by one request. The pieces of a text, joined, are the text. */
export interface TextPiece {
  readonly text: string;
}

export interface TextPiecesOptions {
  /** BCP 47 tag: sentence rules differ. Default `en`. */
  readonly language?: string | undefined;
  /** The first piece may end at a comma once it has this many characters. Default 14. */
  readonly firstClauseChars?: number | undefined;
  /** Later pieces are joined until they have this many characters. Default 24. */
  readonly minChars?: number | undefined;
  /** A piece is cut at a space, failing that anywhere, beyond this many characters. Default 300. */
  readonly maxChars?: number | undefined;
}

/** A comma ends the first piece only after this: shorter ones ("Well,") sound cut off. */
const FIRST_CLAUSE_CHARS = 14;
/** Requests for a word or two cost more than they save. */
const MIN_CHARS = 24;
/** Engines slow down or stumble over very long inputs, and a retry repeats the whole piece. */
const MAX_CHARS = 300;

/** Full stops after these do not end a sentence. Lower case, without the dot. */
const ABBREVIATIONS = new Set(
  (
    'mr mrs ms dr prof st jr sr rev gen col sgt capt lt hon vs etc e.g i.e eg ie cf al vol fig ' +
    'approx dept inc ltd co corp ave blvd rd mt ft a.m p.m u.s u.k ph.d z.b d.h bzw usw nr ca str ' +
    'sog evtl ggf mme mlle sra srta ud uds ej pag tel'
  ).split(' '),
);

/** Ends a sentence in a script that puts no space after it. */
const WIDE_END = /[。！？｡．‼⁇⁈⁉।॥؟۔]["'”’」』）)\]]*$/u;
/** Ends a sentence once white space follows. */
const NARROW_END = /[.!?…]["'”’»）)\]*_]*$/u;
const CLAUSE_END = /[,;:،、，；：–—]["'”’」』)\]]*$/u;
const SPEAKABLE = /[\p{L}\p{N}]/u;

/** A character of these scripts is about a syllable or a word: as long to say as three letters. */
const WIDE = /[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]/gu;

/** How long a text is to say, counted in letters. */
const spokenLength = (text: string): number => text.length + 2 * (text.match(WIDE)?.length ?? 0);

/** Whether there is anything to say: white space, emoji and punctuation alone are not sent. */
export const isSpeakable = (text: string): boolean => SPEAKABLE.test(text);

/** Whether the dot at the end of `text` belongs to an abbreviation, an initial or a list number. */
const isFalseEnd = (text: string): boolean => {
  const word = /(\S+)$/u.exec(text.replace(/["'”’»)\]*_]+$/u, ''))?.[1];
  if (word === undefined || !word.endsWith('.')) return false;
  const bare = word.replace(/^["'“‘«([*_]+/u, '').slice(0, -1);
  if (ABBREVIATIONS.has(bare.toLowerCase())) return true;
  // An initial ("J. Smith"), unless it is the pronoun.
  if (/^\p{Lu}$/u.test(bare) && bare !== 'I') return true;
  // "1." at the beginning of a line numbers what follows.
  return /^\d{1,3}$/.test(bare) && new RegExp(`(^|\\n)\\s*${bare}\\.$`).test(text);
};

/**
 * Cuts text into pieces while it is still being written.
 *
 * The first piece is short, a clause is enough, so that speech begins early; then whole sentences,
 * which sound better. Nothing is changed or left out: joined pieces give the text back.
 */
export class TextPieces {
  readonly #firstClauseChars: number;
  readonly #minChars: number;
  readonly #maxChars: number;
  readonly #segmenter: Intl.Segmenter;
  #rest = '';
  #first = true;

  constructor(options: TextPiecesOptions = {}) {
    this.#firstClauseChars = options.firstClauseChars ?? FIRST_CLAUSE_CHARS;
    this.#minChars = options.minChars ?? MIN_CHARS;
    this.#maxChars = options.maxChars ?? MAX_CHARS;
    this.#segmenter = new Intl.Segmenter(options.language ?? 'en', { granularity: 'sentence' });
  }

  /** Adds text; returns the pieces that are complete now. */
  push(text: string): TextPiece[] {
    this.#rest += text;
    const pieces: TextPiece[] = [];
    for (let cut = this.#nextCut(); cut > 0; cut = this.#nextCut()) pieces.push(this.#take(cut));
    return pieces;
  }

  /** Ends a stretch of speech: what is left is the last piece. The next text starts short again. */
  flush(): TextPiece[] {
    const pieces = this.push('');
    if (this.#rest !== '') pieces.push(this.#take(this.#rest.length));
    this.#first = true;
    return pieces;
  }

  #take(length: number): TextPiece {
    const text = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    if (isSpeakable(text)) this.#first = false;
    return { text };
  }

  /** Length of the next complete piece, 0 if there is none yet. */
  #nextCut(): number {
    const text = this.#rest;
    const minChars = this.#first ? 0 : this.#minChars;
    let end = 0;
    let clause = 0;
    for (const { segment } of this.#segmenter.segment(text)) {
      const begin = end;
      end += segment.length;
      if (this.#first && clause === 0) clause = this.#clauseEnd(text, begin, end);
      if (end > this.#maxChars && begin === 0) break;
      const body = text.slice(0, end).trimEnd();
      if (spokenLength(body) < minChars || !isSpeakable(body)) continue;
      // The last segment is only complete if something after its end proves it.
      const ended = end < text.length || end > body.length;
      if (WIDE_END.test(body) || (ended && NARROW_END.test(body) && !isFalseEnd(body))) {
        return clause > 0 ? Math.min(clause, end) : end;
      }
      if (/\n\s*$/.test(text.slice(body.length, end))) return clause > 0 ? clause : end;
    }
    if (clause > 0) return clause;
    return text.length > this.#maxChars ? this.#forcedCut(text) : 0;
  }

  /** End of the first clause that is long enough, including the space after it; 0 if there is none. */
  #clauseEnd(text: string, from: number, to: number): number {
    for (let at = from; at < to; at += 1) {
      const char = text.charAt(at);
      const next = text.charAt(at + 1);
      const wide = /[、，；：]/u.test(char);
      if (!CLAUSE_END.test(char) || (!wide && !/\s/u.test(next))) continue;
      const clause = text.slice(0, at + 1);
      if (spokenLength(clause) < this.#firstClauseChars || !isSpeakable(clause)) continue;
      return wide ? at + 1 : at + 2;
    }
    return 0;
  }

  /** Where to cut a text without an end in sight: after a clause, else at a space, else anywhere. */
  #forcedCut(text: string): number {
    const window = text.slice(0, this.#maxChars);
    const floor = this.#maxChars / 3;
    const clause = Math.max(
      ...[', ', '; ', ': ', '，', '、'].map((mark) => window.lastIndexOf(mark)),
    );
    if (clause > floor) return clause + (window.charAt(clause + 1) === ' ' ? 2 : 1);
    const space = window.lastIndexOf(' ');
    if (space > floor) return space + 1;
    // Not between the halves of a surrogate pair.
    const last = window.charCodeAt(window.length - 1);
    return last >= 0xd800 && last <= 0xdbff ? window.length - 1 : window.length;
  }
}
