import { expect, it } from 'vitest';
import { describeTime } from '../../../agent/tools/current-time.js';

const noon = new Date('2026-01-05T12:00:00Z');

it('tells the time of a place', () => {
  expect(describeTime(noon, 'Asia/Tokyo')).toMatch(/^Monday,? 5 January 2026 at 21:00$/);
});

it('gives the model something to say about a zone that does not exist', () => {
  expect(describeTime(noon, 'Mars/Olympus')).toContain('no time zone called "Mars/Olympus"');
});
