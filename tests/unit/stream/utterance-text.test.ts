import { describe, expect, it } from 'vitest';
import type { Recognition } from '../../../inference/engines/speech-to-text-engine.js';
import { UtteranceText } from '../../../inference/stream/utterance-text.js';

const S = 16_000;

/** A pass in which the words are a third of a second apart. */
const pass = (text: string, fromMs = 0): Recognition => ({
  text,
  language: 'en',
  words: text
    .split(' ')
    .map((word, i) => ({ text: word, startMs: fromMs + i * 333, endMs: fromMs + i * 333 + 300 })),
});

describe('the text of an utterance', () => {
  it('is stable as far as two passes agree, and never changed there', () => {
    const text = new UtteranceText(5 * S);
    text.hear(pass('what is the cap'), 1.4 * S);
    expect(text.stableText).toBe('');
    expect(text.heard.text).toBe('what is the cap');
    text.hear(pass('What is the capital of'), 2 * S);
    expect(text.stableText).toBe('What is the');
    text.hear(pass("Watt's is the capital of France?"), 2.5 * S);
    expect(text.heard.text.startsWith('What is the capital of')).toBe(true);
    expect(text.heard.text.endsWith('France?')).toBe(true);
  });

  it('has the times of its words from its own start', () => {
    const text = new UtteranceText(5 * S);
    text.hear(pass('hello there'), S);
    expect(text.heard.words).toEqual([
      { text: 'hello', startMs: 0, endMs: 300 },
      { text: 'there', startMs: 333, endMs: 633 },
    ]);
    expect(text.heard.language).toBe('en');
    expect(text.prompt).toBeUndefined();
    expect(text.windowStart).toBe(5 * S);
  });

  it('keeps the words of a recogniser that times none', () => {
    const text = new UtteranceText(0);
    text.hear({ text: 'no times at all', words: [], language: 'en' }, 2 * S);
    expect(text.heard.text).toBe('no times at all');
    expect(text.heard.words.map(({ startMs }) => startMs)).toEqual([0, 500, 1000, 1500]);
  });

  it('moves its window behind what is stable when the utterance is long', () => {
    const text = new UtteranceText(0, { trimmingMs: 3000 });
    const said = 'One two three four five. Six seven eight nine ten eleven twelve';
    text.hear(pass(said), 3.9 * S);
    text.hear(pass(`${said} thirteen`), 4.4 * S);
    expect(text.windowStart / 16).toBeGreaterThanOrEqual(1632); // the end of "five."
    expect(text.windowStart / 16).toBeLessThan(1700);
    expect(text.prompt).toBe('One two three four five.');
    text.hear(
      pass('Six seven eight nine ten eleven twelve thirteen fourteen', 20),
      Math.round(3.2 * S),
    );
    expect(text.heard.text).toBe(`${said} thirteen fourteen`);
  });
});
