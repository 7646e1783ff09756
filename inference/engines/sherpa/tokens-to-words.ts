import type { RecognisedWord } from '../speech-to-text-engine.js';

/** A word that nothing follows lasts this long, in ms: sherpa-onnx tells when a token begins, not when it ends. */
const LAST_WORD_MS = 300;
/** A word begins with one of these: the marks of BPE vocabularies, and a space. */
const WORD_START = /^[\s▁Ġ]/;

/**
 * Joins sherpa-onnx's tokens to words with times.
 *
 * @param tokens - pieces of words
 * @param timestamps - where each begins, in s; models without them give none
 * @param endMs - of the audio
 */
export function tokensToWords(
  tokens: readonly string[],
  timestamps: readonly number[],
  endMs: number,
): RecognisedWord[] {
  if (timestamps.length !== tokens.length) return [];
  const words: { text: string; startMs: number }[] = [];
  for (const [i, token] of tokens.entries()) {
    const text = token.replaceAll(/[\s▁Ġ]/g, '');
    const last = words.at(-1);
    if (last !== undefined && !WORD_START.test(token)) last.text += text;
    else words.push({ text, startMs: Math.round((timestamps[i] ?? 0) * 1000) });
  }
  return words
    .map(({ text, startMs }, i) => {
      const nextMs = words[i + 1]?.startMs ?? endMs;
      return { text, startMs, endMs: Math.max(startMs, Math.min(nextMs, startMs + 2000, endMs)) };
    })
    .map((word, i, all) =>
      i === all.length - 1
        ? { ...word, endMs: Math.max(word.startMs, Math.min(endMs, word.startMs + LAST_WORD_MS)) }
        : word,
    )
    .filter(({ text }) => text !== '');
}
