import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allProviders } from '../providers/find-provider.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Files of ours: tracked, or new and not ignored. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path.endsWith('.ts'));

describe('the tree', () => {
  it('has short files with kebab-case names and no barrels', () => {
    for (const path of files) {
      expect(basename(path), path).toMatch(
        /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|test-d|config|d))?\.ts$/,
      );
      expect(basename(path), `${path} would be a barrel`).not.toBe('index.ts');
      const lines = read(path).split('\n').length;
      expect(lines, `${path} has ${lines} lines`).toBeLessThanOrEqual(400);
    }
  });

  it.each(['stt', 'llm', 'tts'] as const)('registers every file of providers/%s', (kind) => {
    const onDisk = readdirSync(join(root, 'providers', kind)).map((name) => parse(name).name);
    expect(
      allProviders(kind)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(onDisk.sort());
  });

  it('asks for no provider by name outside its own file', () => {
    const named = /provider\s*[!=]==?\s*['"]/;
    const shared = files.filter((path) => /^(adapters|agent|cli|config|providers)\//.test(path));
    for (const path of shared) expect(read(path), path).not.toMatch(named);
  });

  it('names the development secret of livekit.yaml as the default', async () => {
    const { DEVELOPMENT_KEY, DEVELOPMENT_SECRET } = await import('../config/env-schema.js');
    expect(read('livekit.yaml')).toContain(`${DEVELOPMENT_KEY}: ${DEVELOPMENT_SECRET}`);
  });

  it('mentions every provider in the README', () => {
    for (const kind of ['stt', 'llm', 'tts'] as const) {
      for (const { id } of allProviders(kind).slice(1)) {
        expect(read('README.md')).toContain(`${kind.toUpperCase()}_PROVIDER=${id}`);
      }
    }
  });
});
