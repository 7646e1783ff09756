import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSpeakable, TextPieces } from '../../../adapters/tts/text-pieces.js';

/** As an LLM writes: a few characters at a time. */
const cut = (text: string, language?: string, step = 3): string[] => {
  const cutter = new TextPieces({ language });
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += step) {
    pieces.push(...cutter.push(text.slice(at, at + step)).map((p) => p.text));
  }
  pieces.push(...cutter.flush().map((p) => p.text));
  return pieces;
};
const trimmed = (text: string, language?: string): string[] =>
  cut(text, language).map((piece) => piece.trim());

describe('text pieces', () => {
  it('begins with a clause and goes on in sentences', () => {
    expect(
      trimmed(
        'The capital of France is Paris, which lies on the Seine. It has two million people.',
      ),
    ).toEqual([
      'The capital of France is Paris,',
      'which lies on the Seine.',
      'It has two million people.',
    ]);
  });
  it('speaks a short first sentence at once, and joins short ones later', () => {
    expect(trimmed('Sure. Here is what I found for you. Yes. No. That is all there is.')).toEqual([
      'Sure.',
      'Here is what I found for you.',
      'Yes. No. That is all there is.',
    ]);
  });
  it.each([
    ['Pi is about 3.14 and e is 2.72 or so. Fine, then we are done here.', 0],
    ['We met Dr. Smith and Mrs. Jones at the station. They said hello to us.', 0],
    ['Use a fruit, e.g. an apple or a pear from the garden. Then wash it well.', 14],
    ['J. R. R. Tolkien wrote it a long time ago. It is a good book to read.', 0],
  ])('does not cut inside %s', (text) => {
    for (const piece of trimmed(text)) {
      expect(piece).toMatch(/[.,]$/);
      expect(piece).not.toMatch(/(\b3\.|Dr\.|Mrs\.|e\.g\.|\bR\.|\bJ\.)$/);
    }
  });
  it('keeps a list number with its item', () => {
    expect(trimmed('1. Buy some milk at the shop.\n2. Go home and rest a while.')).toEqual([
      '1. Buy some milk at the shop.',
      '2. Go home and rest a while.',
    ]);
  });
  it('cuts scripts that put no space after a sentence', () => {
    expect(
      cut('法国的首都是巴黎。它位于塞纳河畔。人口约两百万，是一座美丽的城市，很多人喜欢它！', 'zh'),
    ).toHaveLength(3);
    expect(cut('東京は日本の首都です。とても大きいです。', 'ja')[0]).toBe('東京は日本の首都です。');
    expect(cut('पेरिस फ्रांस की राजधानी है। यह एक सुंदर शहर है।', 'hi')).toHaveLength(2);
  });
  it('cuts a text without an end in sight at a space', () => {
    const pieces = cut('word '.repeat(200));
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(300);
    expect(pieces.every((piece) => piece.endsWith(' '))).toBe(true);
  });
  it('never loses, changes or invents a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 700 }),
        fc.integer({ min: 1, max: 40 }),
        (text, step) => {
          expect(cut(text, 'en', step).join('')).toBe(text);
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'Dr. ',
            'a',
            'word ',
            '. ',
            '3.',
            '14',
            '。',
            ', ',
            '\n',
            '1. ',
            '🙂',
            '? ',
            '"',
          ),
        ),
        (parts) => {
          expect(cut(parts.join('')).join('')).toBe(parts.join(''));
        },
      ),
    );
  });
  it('knows what can be spoken', () => {
    expect(isSpeakable(' \n🙂 … —')).toBe(false);
    expect(isSpeakable('5')).toBe(true);
    expect(isSpeakable('é')).toBe(true);
  });
});
