import { expect, test } from 'vitest';
import { melFilters } from '../../../inference/models/convert/mel-filters.js';
import { sha256 } from '../../fakes/small-artefact.js';

test('the filters are, bit for bit, those in the published ggml-tiny.en.bin', () => {
  const { rows, columns, data } = melFilters(80);
  expect([rows, columns]).toEqual([80, 201]);
  expect(data[1]).toBeCloseTo(0.02486259, 8);
  // The checksum of bytes 56 to 64376 of the published file (whose own checksum is in the catalogue).
  expect(sha256(Buffer.from(data.buffer))).toBe(
    '85818f156f7e189453901a515e4726d270d307f976e161cf9403e8caab405498',
  );
});

test('every filter has a weight, and all have about the same area', () => {
  const { rows, columns, data } = melFilters(80);
  for (let row = 0; row < rows; row += 1) {
    const sum = data.slice(row * columns, (row + 1) * columns).reduce((a, b) => a + b, 0);
    // 40 Hz a bin; a filter's area is 1, but the narrow ones are sampled at one or two bins only.
    expect(sum * 40).toBeGreaterThan(0.5);
    expect(sum * 40).toBeLessThan(1.5);
  }
});
