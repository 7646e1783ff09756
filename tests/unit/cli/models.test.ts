import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startFileServer } from '../../fakes/file-server.js';
import { temporaryDirectory } from '../../fakes/temporary-directory.js';

const CLI = join(import.meta.dirname, '../../../cli/models.ts');

function models(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return modelsWith({}, ...args);
}

function modelsWith(
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', CLI, ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}

test('lists ids, sizes, licences and origins, and that an empty cache holds nothing', async () => {
  const cacheDir = await temporaryDirectory();
  const { code, stdout } = await models('list', '--json', '--cache-dir', cacheDir);
  expect(code).toBe(0);
  const items = JSON.parse(stdout) as { id: string; kind: string; cached: boolean }[];
  expect(items.map(({ id }) => id)).toEqual([
    'whisper-tiny.en',
    'piper-en_US-joe-medium',
    'smollm2-135m-instruct',
    'silero-vad',
    'livekit-server',
  ]);
  expect(items[0]).toMatchObject({ kind: 'stt', bytes: 77_704_715, licence: 'MIT', cached: false });
});

test('an unknown id ends with 2 and the ids that exist', async () => {
  const { code, stderr } = await models('fetch', 'whisper-huge');
  expect(code).toBe(2);
  expect(stderr).toContain('There is no model "whisper-huge". Known: whisper-tiny.en,');
  expect(stderr).toContain('livekit-server.');
});

test.each([[['frobnicate']], [['--frobnicate']]])('%s ends with 2', async (args) => {
  expect((await models(...args)).code).toBe(2);
});

test('--verify names a damaged file and both checksums, and ends with 1', async () => {
  const cacheDir = await temporaryDirectory();
  const directory = join(cacheDir, 'models', 'silero-vad');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'silero_vad.onnx'), 'damaged');
  const { code, stdout, stderr } = await models('--verify', '--cache-dir', cacheDir);
  expect(code).toBe(1);
  expect(stdout).toContain('silero-vad: damaged');
  expect(stdout).toContain('whisper-tiny.en: not cached');
  expect(stderr).toMatch(
    /silero_vad\.onnx: has SHA-256 [0-9a-f]{64}, expected 1a153a22[0-9a-f]{56}/,
  );
});

test('takes the cache of EARSHOT_CACHE_DIR, whatever else is wrong with the configuration', async () => {
  const cacheDir = await temporaryDirectory();
  const directory = join(cacheDir, 'models', 'silero-vad');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'silero_vad.onnx'), 'damaged');
  const { stderr } = await modelsWith(
    { EARSHOT_CACHE_DIR: cacheDir, STT_PROVIDER: 'no-such-provider' },
    '--verify',
  );
  expect(stderr).toContain(join(directory, 'silero_vad.onnx'));
});

test('a signal stops a fetch in order: said, nothing half-done in place, no lock left', async () => {
  const server = await startFileServer(() => undefined);
  onTestFinished(server.close);
  const cacheDir = await temporaryDirectory();
  // The proxy never answers, so the fetch is under way until the signal comes.
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', CLI, 'fetch', 'silero-vad', '--cache-dir', cacheDir],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        HTTPS_PROXY: server.url,
        https_proxy: server.url,
        NO_PROXY: '',
        no_proxy: '',
      },
    },
  );
  const said = text(child.stderr);
  await expect
    .poll(() => existsSync(join(cacheDir, 'locks', 'silero-vad.lock')), { timeout: 10_000 })
    .toBe(true);
  child.kill('SIGTERM');
  await once(child, 'close');
  expect(await said).toContain('Stopped by SIGTERM');
  expect(child.exitCode).toBe(1);
  expect(existsSync(join(cacheDir, 'locks', 'silero-vad.lock'))).toBe(false);
  expect(existsSync(join(cacheDir, 'models'))).toBe(false);
});
