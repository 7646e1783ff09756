import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AllSourcesFailedError,
  CacheNotWritableError,
  isDiskError,
} from '../downloads/fetch-error.js';
import { FETCH_LIMITS, type FetchLimits } from '../downloads/fetch-limits.js';
import type { OnProgress } from '../downloads/progress.js';
import { withLock } from '../downloads/with-lock.js';
import { buildWithGo } from './build-with-go.js';
import { downloadRelease } from './download-release.js';
import { LIVEKIT_RELEASE_URL, LIVEKIT_VERSION, livekitArchive } from './livekit-release.js';
import { livekitVersion } from './livekit-version.js';

/** The item's name in progress reports. */
export const LIVEKIT_ITEM = 'livekit-server';

/** Where a livekit-server was found. */
export interface LivekitServer {
  /** Path, or the bare name when it is in PATH. */
  readonly path: string;
  readonly version: string;
  readonly origin: 'path' | 'cache' | 'release' | 'go';
}

/** Where and how to look. */
export interface LivekitOptions {
  readonly cacheDir: string;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: FetchLimits | undefined;
  /** The command looked up in PATH, the release's address and the Go command; for tests. */
  readonly command?: string | undefined;
  readonly releaseUrl?: string | undefined;
  readonly go?: string | undefined;
}

const ADVICE =
  'Install livekit-server so that it is in PATH (macOS: brew install livekit) or Go 1.24+, or set LIVEKIT_URL to a server that runs already.';

/**
 * Looks for a livekit-server without fetching one.
 *
 * @returns the one in PATH, else the one in the cache, else undefined
 */
export async function findLivekitServer(
  options: LivekitOptions,
): Promise<LivekitServer | undefined> {
  const command = options.command ?? 'livekit-server';
  const inPath = await livekitVersion(command);
  if (inPath !== undefined) return { path: command, version: inPath, origin: 'path' };
  const path = cachedPath(options.cacheDir);
  const version = await livekitVersion(path);
  return version === undefined ? undefined : { path, version, origin: 'cache' };
}

/**
 * Makes sure that there is a livekit-server: in PATH, else in the cache, else the official release by its checksum file, else built
 * with Go (a minute).
 *
 * @throws AllSourcesFailedError saying why each failed and what to do, CacheNotWritableError, or the signal's reason
 */
export async function ensureLivekitServer(options: LivekitOptions): Promise<LivekitServer> {
  const onProgress = options.onProgress ?? (() => undefined);
  const limits = options.limits ?? FETCH_LIMITS;
  const done = (server: LivekitServer): LivekitServer => {
    onProgress({ item: LIVEKIT_ITEM, phase: 'done' });
    return server;
  };
  const found = await findLivekitServer(options);
  if (found !== undefined) return done(found);
  try {
    return await withLock(
      {
        cacheDir: options.cacheDir,
        name: LIVEKIT_ITEM,
        limits,
        signal: options.signal,
        onWait: () => {
          onProgress({
            item: LIVEKIT_ITEM,
            phase: 'cache',
            note: 'waiting for another process to fetch it',
          });
        },
      },
      async (signal) =>
        done(
          (await findLivekitServer(options)) ??
            (await fetchServer({ ...options, onProgress, limits, signal })),
        ),
    );
  } catch (error) {
    if (isDiskError(error)) throw new CacheNotWritableError(options.cacheDir, error);
    throw error;
  }
}

function cachedPath(cacheDir: string): string {
  return join(cacheDir, LIVEKIT_ITEM, LIVEKIT_VERSION, LIVEKIT_ITEM);
}

async function fetchServer(
  options: LivekitOptions & { onProgress: OnProgress; limits: FetchLimits; signal: AbortSignal },
): Promise<LivekitServer> {
  const target = cachedPath(options.cacheDir);
  const scratchDir = join(options.cacheDir, 'tmp', LIVEKIT_ITEM);
  const archive = livekitArchive(process.platform, process.arch);
  const job = { ...options, scratchDir, target, item: LIVEKIT_ITEM };
  const sources = [
    ...(archive === undefined
      ? []
      : [
          {
            origin: 'release' as const,
            name: `official release ${archive}`,
            fetch: () =>
              downloadRelease({
                ...job,
                archive,
                releaseUrl: options.releaseUrl ?? LIVEKIT_RELEASE_URL,
              }),
          },
        ]),
    {
      origin: 'go' as const,
      name: 'building with Go',
      fetch: () => buildWithGo({ ...job, go: options.go ?? 'go' }),
    },
  ];
  const failures: { source: string; reason: string }[] = [];
  await mkdir(join(target, '..'), { recursive: true });
  for (const source of sources) {
    // The lock is ours: what lies here is of a process that was killed.
    await rm(scratchDir, { recursive: true, force: true });
    await mkdir(scratchDir, { recursive: true });
    try {
      await source.fetch();
      const version = await livekitVersion(target);
      if (version === undefined) throw new Error(`${target} does not run on this machine`);
      return { path: target, version, origin: source.origin };
    } catch (error) {
      options.signal.throwIfAborted();
      if (isDiskError(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      failures.push({ source: source.name, reason });
      options.onProgress({
        item: LIVEKIT_ITEM,
        phase: 'download',
        note: `${source.name}: ${reason}`,
      });
    } finally {
      await rm(scratchDir, { recursive: true, force: true });
    }
  }
  throw new AllSourcesFailedError(LIVEKIT_ITEM, failures, ADVICE);
}
