import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const module = fileURLToPath(new URL('../../../cli/closed-pipe.ts', import.meta.url));

it('ends without a word when its reader has seen enough', async () => {
  const script = `await import(${JSON.stringify(module)}); setInterval(() => process.stdout.write('x'.repeat(65536)), 1);`;
  const child = execa(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { reject: false, buffer: false, timeout: 15_000 },
  );
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const { exitCode } = await child;
  expect(complaints).toBe('');
  expect(exitCode).toBe(0);
});
