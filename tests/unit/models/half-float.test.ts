import { expect, test } from 'vitest';
import { halfToFloat32 } from '../../../inference/models/convert/half-float.js';

test.each([
  [0x0000, 0],
  [0x3c00, 1],
  [0xc000, -2],
  [0x7bff, 65_504],
  [0x0400, 2 ** -14],
  [0x0001, 2 ** -24],
  [0x83ff, -(1023 / 1024) * 2 ** -14],
  [0x7c00, Infinity],
  [0xfc00, -Infinity],
  [0x7e00, NaN],
])('widens 0x%s to %d', (bits, value) => {
  const half = Buffer.alloc(2);
  half.writeUInt16LE(bits);
  expect(halfToFloat32(half).readFloatLE()).toBe(value);
});

test('keeps the sign of zero', () => {
  expect(Object.is(halfToFloat32(Buffer.from([0x00, 0x80])).readFloatLE(), -0)).toBe(true);
});

test('refuses half a number', () => {
  expect(() => halfToFloat32(Buffer.alloc(3))).toThrow('even number of bytes, not 3');
});
