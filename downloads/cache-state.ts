import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artefact } from './artefact.js';
import { hashFile } from './hash-file.js';

/** What was verified, so that a start need not hash 100 MB again: a file of the same size and time as then is taken for the same. */
interface Stamp {
  readonly from: string;
  readonly files: Readonly<Record<string, { sha256: string; bytes: number; mtimeMs: number }>>;
}

/** A file of an artefact that is not as it must be. */
export interface BadFile {
  readonly path: string;
  readonly problem: string;
  /** Whether it is not there at all. */
  readonly missing: boolean;
}

function stampPath(artefact: Artefact, directory: string): string {
  return join(directory, `.${artefact.id}.verified.json`);
}

/**
 * Whether an artefact lies in the cache, verified earlier and unchanged since. Reads no more than a few bytes of any file.
 *
 * @returns where it came from, or undefined when something is missing or changed
 */
export async function verifiedEarlier(
  artefact: Artefact,
  directory: string,
): Promise<string | undefined> {
  let stamp: Stamp;
  try {
    stamp = JSON.parse(await readFile(stampPath(artefact, directory), 'utf8')) as Stamp;
    for (const file of artefact.files) {
      const seen = stamp.files[file.path];
      const now = await stat(join(directory, file.path));
      if (
        seen?.sha256 !== file.sha256 ||
        now.size !== file.bytes ||
        now.size !== seen.bytes ||
        now.mtimeMs !== seen.mtimeMs
      ) {
        return undefined;
      }
    }
  } catch {
    // No stamp, a damaged stamp or a missing file all mean the same: look closer.
    return undefined;
  }
  return stamp.from;
}

/**
 * Hashes every file of an artefact.
 *
 * @returns the files that are missing or differ; empty when all is well
 */
export async function findBadFiles(artefact: Artefact, directory: string): Promise<BadFile[]> {
  const bad: BadFile[] = [];
  for (const file of artefact.files) {
    try {
      const sha256 = await hashFile(join(directory, file.path));
      if (sha256 !== file.sha256) {
        const problem = `has SHA-256 ${sha256}, expected ${file.sha256}`;
        bad.push({ path: file.path, problem, missing: false });
      }
    } catch (error) {
      bad.push({
        path: file.path,
        problem: error instanceof Error ? error.message : String(error),
        missing: error instanceof Error && 'code' in error && error.code === 'ENOENT',
      });
    }
  }
  return bad;
}

/**
 * Records that an artefact's files were just verified.
 *
 * @param from - where they came from, in words; left out, what an earlier record says is kept
 */
export async function recordVerified(
  artefact: Artefact,
  directory: string,
  from?: string,
): Promise<void> {
  const files: Record<string, { sha256: string; bytes: number; mtimeMs: number }> = {};
  for (const file of artefact.files) {
    const { size, mtimeMs } = await stat(join(directory, file.path));
    files[file.path] = { sha256: file.sha256, bytes: size, mtimeMs };
  }
  const path = stampPath(artefact, directory);
  const stamp: Stamp = {
    from: from ?? (await verifiedEarlier(artefact, directory)) ?? 'the cache',
    files,
  };
  await writeFile(`${path}.new`, JSON.stringify(stamp));
  await rename(`${path}.new`, path);
}

/** Forgets that an artefact was verified, so that the next use looks closer. */
export async function forgetVerified(artefact: Artefact, directory: string): Promise<void> {
  await rm(stampPath(artefact, directory), { force: true });
}
