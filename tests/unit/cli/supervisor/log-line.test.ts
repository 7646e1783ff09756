import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../../cli/supervisor/line-splitter.js';
import { readLogLine } from '../../../../cli/supervisor/log-line.js';

describe('a line of a part', () => {
  it.each([
    ['{"level":30,"time":1,"pid":2,"msg":"registered","id":"W1"}', 'info', 'registered  id=W1'],
    [
      '{"level":50,"msg":"failed","err":{"message":"no route","stack":"…"}}',
      'error',
      'failed  err=no route',
    ],
    ['{"level":"warn","msg":"slow"}', 'warn', 'slow'],
    ['{"no":"message"}', 'info', '{"no":"message"}'],
    ['{broken', 'info', '{broken'],
    ['TypeError: x is not a function', 'error', 'TypeError: x is not a function'],
    ['2026\tERROR\tlivekit\tbad', 'error', '2026\tERROR\tlivekit\tbad'],
    ['(node:1) Warning: old', 'warn', '(node:1) Warning: old'],
    ['plain text', 'info', 'plain text'],
  ])('%s', (raw, level, text) => {
    expect(readLogLine(raw)).toEqual({ level, text });
  });

  it('is put together from pieces, even in the middle of a character', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    const bytes = Buffer.from('héllo\r\n\nwörld');
    for (const byte of bytes) splitter.write(Buffer.from([byte]));
    splitter.end();
    expect(lines).toEqual(['héllo', 'wörld']);
  });

  it('is cut when it does not end', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    for (let count = 0; count < 50; count += 1) splitter.write(Buffer.alloc(1024, 'a'));
    expect(lines.length).toBeGreaterThan(1);
    expect(Math.max(...lines.map((line) => line.length))).toBe(16_384);
  });
});
