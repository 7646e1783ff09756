import { chmod, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create } from 'tar';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ensureLivekitServer } from '../../../livekit/ensure-livekit-server.js';
import { livekitArchive } from '../../../livekit/livekit-release.js';
import { sendRange, startFileServer } from '../../fakes/file-server.js';
import { QUICK, sha256 } from '../../fakes/small-artefact.js';
import { temporaryDirectory } from '../../fakes/temporary-directory.js';

/** A program that answers `--version` as livekit-server does. */
const PROGRAM = '#!/bin/sh\necho "livekit-server version 1.13.5"\n';
const archive = livekitArchive(process.platform, process.arch);

/** A release on a real HTTP server: the archive of a program and its checksum file. */
async function release(change: { checksum?: string; program?: string } = {}) {
  const folder = await temporaryDirectory();
  await writeFile(join(folder, 'livekit-server'), change.program ?? PROGRAM);
  await writeFile(join(folder, 'LICENSE'), 'a licence');
  await create({ gzip: true, file: join(folder, 'a.tgz'), cwd: folder }, [
    'LICENSE',
    'livekit-server',
  ]);
  const content = await readFile(join(folder, 'a.tgz'));
  const checksums = `${change.checksum ?? sha256(content)}  ${archive ?? ''}\n`;
  const server = await startFileServer((request, response) => {
    if (request.url === `/${archive ?? ''}`) sendRange(request, response, content);
    else if (request.url === '/checksums.txt') response.end(checksums);
    else response.writeHead(404).end();
  });
  onTestFinished(server.close);
  return server;
}

async function setUp(releaseUrl: string) {
  const cacheDir = await temporaryDirectory();
  const notes: string[] = [];
  const options = {
    cacheDir,
    releaseUrl,
    limits: QUICK,
    command: 'no-such-livekit-server',
    go: 'no-such-go',
    onProgress: ({ note }: { note?: string }) => {
      if (note !== undefined) notes.push(note);
    },
  };
  return { cacheDir, options, notes };
}

describe.skipIf(archive === undefined)('livekit-server (where a release archive exists)', () => {
  test('comes from the official release, verified by its checksum file, then from the cache', async () => {
    const server = await release();
    const { options, cacheDir } = await setUp(server.url);
    const path = join(cacheDir, 'livekit-server', '1.13.5', 'livekit-server');
    expect(await ensureLivekitServer(options)).toEqual({
      path,
      version: '1.13.5',
      origin: 'release',
    });
    expect(await readdir(join(cacheDir, 'tmp'))).toEqual([]);
    server.seen.length = 0;
    expect(await ensureLivekitServer(options)).toMatchObject({ path, origin: 'cache' });
    expect(server.seen).toEqual([]);
  });

  test('in PATH is taken, with its version', async () => {
    const { options, cacheDir } = await setUp('http://no-such-host.invalid');
    const command = join(cacheDir, 'my-livekit-server');
    await writeFile(command, '#!/bin/sh\necho "livekit-server version 1.9.0"\n');
    await chmod(command, 0o755);
    expect(await ensureLivekitServer({ ...options, command })).toEqual({
      path: command,
      version: '1.9.0',
      origin: 'path',
    });
  });

  test('is refused when the archive is not what the checksum file says', async () => {
    const server = await release({ checksum: '0'.repeat(64) });
    const { options, cacheDir } = await setUp(server.url);
    const failure = ensureLivekitServer(options);
    await expect(failure).rejects.toThrow(/wrong checksum: livekit_1.13.5.*expected 0{64}/);
    await expect(failure).rejects.toThrow(/Go is not installed/);
    await expect(failure).rejects.toThrow(/set LIVEKIT_URL/);
    expect(await readdir(join(cacheDir, 'livekit-server', '1.13.5'))).toEqual([]);
  });

  test('is refused when the binary does not run here', async () => {
    const server = await release({ program: 'not a program' });
    const { options } = await setUp(server.url);
    await expect(ensureLivekitServer(options)).rejects.toThrow(/does not run on this machine/);
  });

  test('is built with Go when the release can not be reached', async () => {
    const { options, cacheDir, notes } = await setUp('http://no-such-host.invalid');
    const go = join(cacheDir, 'go');
    // Stands in for the compiler, which takes a minute: writes the program where Go would.
    await writeFile(
      go,
      `#!/bin/sh\n[ "$*" = "install github.com/livekit/livekit-server/cmd/server@v1.13.5" ] || exit 1\nprintf '%s\\n' '#!/bin/sh' 'echo livekit-server version 1.13.5' > "$GOBIN/server"\nchmod +x "$GOBIN/server"\n`,
    );
    await chmod(go, 0o755);
    expect(await ensureLivekitServer({ ...options, go })).toMatchObject({ origin: 'go' });
    expect(notes[0]).toContain("no-such-host.invalid can't be reached");
  });

  test('says what Go said when the build fails', async () => {
    const { options, cacheDir } = await setUp('http://no-such-host.invalid');
    const go = join(cacheDir, 'go');
    await writeFile(go, '#!/bin/sh\necho "go: disk full" >&2\nexit 1\n');
    await chmod(go, 0o755);
    await expect(ensureLivekitServer({ ...options, go })).rejects.toThrow(
      /go install failed: go: disk full/,
    );
  });
});
