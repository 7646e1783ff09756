import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAdapterError } from '../../../adapters/adapter-error.js';
import { ERROR_CODES, type AdapterErrorCode } from '../../../adapters/error-codes.js';

const text = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
/** Rows of the table of codes: those that begin with a code. */
const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, code = '', retried, meaning, fix]) => ({
    code: code.replaceAll('`', ''),
    retried,
    meaning,
    fix,
  }));

describe('docs/errors.md', () => {
  it('lists every code as it is, and no other', () => {
    const codes = Object.entries(ERROR_CODES).map(([code, { retryable, meaning, fix }]) => ({
      code,
      retried: retryable ? 'yes' : 'no',
      meaning,
      fix,
    }));
    expect(rows).toEqual(codes);
  });
});

describe('an error', () => {
  it.each(Object.keys(ERROR_CODES) as AdapterErrorCode[])(
    'of code %s says what to do, and is retryable as its code says',
    (code) => {
      const error = createAdapterError({ code, message: 'it failed' });
      expect(error).toMatchObject({ code, retryable: ERROR_CODES[code].retryable });
      expect(error.message).toBe(`it failed: ${ERROR_CODES[code].fix}. [${code}]`);
    },
  );
});
