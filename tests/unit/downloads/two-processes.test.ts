import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { ensureArtefact } from '../../../downloads/ensure-artefact.js';
import { withLock } from '../../../downloads/with-lock.js';
import { sendAndStall, sendRange, startFileServer } from '../../fakes/file-server.js';
import { QUICK, httpSource, smallArtefact } from '../../fakes/small-artefact.js';
import { temporaryDirectory } from '../../fakes/temporary-directory.js';

const content = Buffer.from('the file that everybody wants, '.repeat(100));
const CHILD = join(import.meta.dirname, '../../fakes/fetch-child.ts');

function startChild(cacheDir: string, url: string): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', CHILD, cacheDir, url, content.toString('hex')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function outcome(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  if (child.stdout === null) throw new Error('the child has no output');
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return { code: child.exitCode, output };
}

test('two processes at once fetch once, and both have the file', async () => {
  const server = await startFileServer((request, response) => {
    // Long enough that the second process arrives while the first one downloads.
    setTimeout(() => {
      sendRange(request, response, content);
    }, 700);
  });
  onTestFinished(server.close);
  const cacheDir = await temporaryDirectory();
  const url = `${server.url}/file.bin`;
  const results = await Promise.all([
    outcome(startChild(cacheDir, url)),
    outcome(startChild(cacheDir, url)),
  ]);
  expect(results).toEqual([
    { code: 0, output: `official download ${url}` },
    { code: 0, output: `official download ${url}` },
  ]);
  expect(server.seen).toHaveLength(1);
  expect(await readFile(join(cacheDir, 'small', 'file.bin'))).toEqual(content);
});

test('takes over from a killed process: its lock goes stale and its download is continued', async () => {
  const server = await startFileServer((request, response, index) => {
    if (index === 0) sendAndStall(response, content, 1_000);
    else sendRange(request, response, content);
  });
  onTestFinished(server.close);
  const cacheDir = await temporaryDirectory();
  const url = `${server.url}/file.bin`;
  const child = startChild(cacheDir, url);
  await expect.poll(() => server.seen.length, { timeout: 10_000 }).toBe(1);
  // The bytes that were sent need to reach the file.
  await new Promise((resolve) => setTimeout(resolve, 500));
  child.kill('SIGKILL');
  const notes: string[] = [];
  await ensureArtefact(smallArtefact(content, [httpSource(url, content)]), {
    cacheDir,
    directory: join(cacheDir, 'small'),
    limits: QUICK,
    onProgress: ({ note }) => {
      if (note !== undefined) notes.push(note);
    },
  });
  expect(await readFile(join(cacheDir, 'small', 'file.bin'))).toEqual(content);
  expect(server.seen[1]?.range).toBe('bytes=1000-');
  expect(notes).toContain('waiting for another process to fetch it');
});

test('does not wait for ever for a lock, and says which directory holds it', async () => {
  const cacheDir = await temporaryDirectory();
  const limits = { ...QUICK, lockWaitMs: 500 };
  await withLock({ cacheDir, name: 'held', limits }, async () => {
    await expect(
      withLock({ cacheDir, name: 'held', limits }, () => Promise.resolve()),
    ).rejects.toThrow(/held\.lock .*delete that directory/);
  });
});

test('stops waiting for a lock when told to', async () => {
  const cacheDir = await temporaryDirectory();
  await withLock({ cacheDir, name: 'held', limits: QUICK }, async () => {
    const signal = AbortSignal.timeout(200);
    await expect(
      withLock({ cacheDir, name: 'held', limits: QUICK, signal }, () => Promise.resolve()),
    ).rejects.toThrow();
  });
});
