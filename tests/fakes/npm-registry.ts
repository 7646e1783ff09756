import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { startFileServer, type FileServer } from './file-server.js';

/** A registry on this machine that the real npm can talk to, with one package: `earshot-test-files` 1.0.0. */
export async function startNpmRegistry(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<{ server: FileServer; archive: Buffer }> {
  const name = 'earshot-test-files';
  const version = '1.0.0';
  const all = { ...files, 'package.json': JSON.stringify({ name, version }) };
  for (const [path, content] of Object.entries(all)) {
    const file = join(folder, 'package', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  await create({ gzip: true, file: join(folder, 'a.tgz'), cwd: folder }, ['package']);
  const archive = await readFile(join(folder, 'a.tgz'));
  const server = await startFileServer((request, response) => {
    if (request.url === `/${name}`) {
      const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
      const dist = { tarball: `${server.url}/a.tgz`, integrity };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          name,
          'dist-tags': { latest: version },
          versions: { [version]: { name, version, dist } },
        }),
      );
    } else if (request.url === '/a.tgz') response.end(archive);
    else response.writeHead(404).end('{}');
  });
  return { server, archive };
}
