import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import type { FetchLimits } from './fetch-limits.js';

/** Milliseconds between two looks at a lock that somebody else holds: short beside any download. */
const LOOK_EVERY_MS = 300;

/**
 * Runs a task while no other process on this cache runs one of the same name.
 *
 * The lock is a directory that its owner touches regularly; one that was not touched for `lockStaleMs` belongs to a process that was
 * killed and is taken over.
 *
 * @param options - the cache, the lock's name, a call when somebody else holds it, and a signal that ends the waiting
 * @param task - gets a signal that aborts with the caller's, or when the lock was lost
 * @returns what the task returns
 * @throws Error when the lock is held longer than `lockWaitMs`, or was lost; else what the task throws
 */
export async function withLock<T>(
  options: {
    readonly cacheDir: string;
    readonly name: string;
    readonly limits: FetchLimits;
    readonly onWait?: () => void;
    readonly signal?: AbortSignal | undefined;
  },
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { limits, signal } = options;
  const directory = join(options.cacheDir, 'locks');
  await mkdir(directory, { recursive: true });
  const file = join(directory, options.name);
  const lost = new AbortController();
  const giveUpAt = Date.now() + limits.lockWaitMs;
  let release: (() => Promise<void>) | undefined;
  for (let waited = false; release === undefined;) {
    signal?.throwIfAborted();
    try {
      release = await lock(file, {
        realpath: false,
        stale: limits.lockStaleMs,
        // Without this handler the library throws from a timer, which would end the process.
        onCompromised: (error) => {
          lost.abort(
            new Error(`The lock ${file}.lock was taken away: ${error.message}`, { cause: error }),
          );
        },
      });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
      if (!waited) options.onWait?.();
      waited = true;
      if (Date.now() > giveUpAt) {
        throw new Error(
          `Another process has held ${file}.lock for ${Math.round(limits.lockWaitMs / 60_000)} minutes. End it, or delete that directory if no other Earshot runs.`,
          { cause: error },
        );
      }
      await delay(LOOK_EVERY_MS, undefined, signal === undefined ? {} : { signal });
    }
  }
  try {
    return await task(signal === undefined ? lost.signal : AbortSignal.any([signal, lost.signal]));
  } finally {
    // A lock that was lost is somebody else's now: releasing it would fail and hide the reason.
    if (!lost.signal.aborted) await release();
  }
}
