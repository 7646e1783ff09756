import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { createProgressRenderer } from '../../../downloads/progress-renderer.js';
import type { Progress } from '../../../downloads/progress.js';

const REPORTS: Progress[] = [
  { item: 'a-model', phase: 'download', note: 'host.invalid is down' },
  { item: 'a-model', phase: 'registry', doneBytes: 0, totalBytes: 2_000_000 },
  { item: 'a-model', phase: 'registry', doneBytes: 1_000_000, totalBytes: 2_000_000 },
  { item: 'a-model', phase: 'convert' },
  { item: 'a-server', phase: 'build', note: '1 s' },
  { item: 'a-server', phase: 'build', note: '2 s' },
  { item: 'a-model', phase: 'done' },
];

async function render(isTTY: boolean): Promise<string> {
  const output = Object.assign(new PassThrough(), { isTTY });
  const renderer = createProgressRenderer(output);
  for (const report of REPORTS) renderer.onProgress(report);
  renderer.stop();
  output.end();
  return text(output);
}

test('without a terminal: one plain line a phase, and every note but the clock of a build', async () => {
  expect(await render(false)).toBe(
    [
      'a-model: host.invalid is down',
      'a-model: from package registry 2.0 MB',
      'a-model: converting',
      'a-server: building, 1 s',
      'a-model: ready',
      '',
    ].join('\n'),
  );
});

test('on a terminal: a bar an item', async () => {
  const output = await render(true);
  expect(output).toContain('a-model');
  expect(output).toContain('ready');
  expect(output).toContain('building, 2 s');
});
