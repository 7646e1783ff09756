import { fileURLToPath } from 'node:url';

/** What the doctor has said and heard, and a recording of it (16 kHz mono, the voice en_US-joe-medium, CC0). */
export const SENTENCE = 'What is the capital of France?';
export const sentenceFile = fileURLToPath(new URL('../sentence.wav', import.meta.url));

/** Half of the words may be misheard: a small model on a foreign voice, and still no nonsense. */
const FEWEST_WORDS = 0.5;

/** Whether a transcript has most words of the sentence. */
export const isSentence = (heard: string): boolean => {
  const words = (text: string): string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const got = new Set(words(heard));
  const wanted = words(SENTENCE);
  return wanted.filter((word) => got.has(word)).length / wanted.length >= FEWEST_WORDS;
};
