import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether pip can be called on this machine. */
export async function hasPip(): Promise<boolean> {
  return run('python3', ['-m', 'pip', '--version']).then(
    () => true,
    () => false,
  );
}

/** A pip that takes packages from a folder and asks no registry. */
export function pipOf(folder: string): string[] {
  return ['env', 'PIP_NO_INDEX=1', `PIP_FIND_LINKS=${folder}`, 'python3', '-m', 'pip'];
}

/** Builds a real wheel `earshot_test_files-1.0` with the given files, and returns its bytes. */
export async function buildWheel(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const info = 'earshot_test_files-1.0.dist-info';
  const all = {
    ...files,
    [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: earshot-test-files\nVersion: 1.0\n',
    [`${info}/WHEEL`]:
      'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: '',
  };
  const tree = join(folder, 'tree');
  for (const [path, content] of Object.entries(all)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
  const wheel = join(folder, 'earshot_test_files-1.0-py3-none-any.whl');
  const top = [...new Set(Object.keys(all).map((path) => path.split('/')[0] ?? path))];
  await run('python3', ['-m', 'zipfile', '-c', wheel, ...top], { cwd: tree });
  return readFile(wheel);
}
