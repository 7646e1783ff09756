import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { SourceError } from '../downloads/fetch-error.js';
import type { OnProgress } from '../downloads/progress.js';
import { runCommand } from '../downloads/run-command.js';
import { LIVEKIT_VERSION } from './livekit-release.js';

/** Go's name of the server's package; the built binary is called by its last part. */
const PACKAGE = 'github.com/livekit/livekit-server/cmd/server';
/** Building takes a minute on two cores; ten times that, plus its dependencies over a slow line, is the end. */
const BUILD_MS = 20 * 60_000;
/** Milliseconds between two reports of the time gone by. */
const REPORT_EVERY_MS = 1_000;

/**
 * Builds livekit-server from source with Go, which verifies every module against Go's own checksum database.
 *
 * @param job - `scratchDir` is an existing directory, `target` the binary's path, `go` the command (for tests)
 * @throws SourceError when there is no Go, or it fails or takes too long; the signal's reason when aborted
 */
export async function buildWithGo(job: {
  readonly scratchDir: string;
  readonly target: string;
  readonly item: string;
  readonly go: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}): Promise<void> {
  const started = Date.now();
  const report = (): void => {
    const seconds = Math.round((Date.now() - started) / 1000);
    job.onProgress({ item: job.item, phase: 'build', note: `${seconds} s (about a minute)` });
  };
  report();
  const clock = setInterval(report, REPORT_EVERY_MS);
  try {
    const result = await runCommand([job.go, 'install', `${PACKAGE}@v${LIVEKIT_VERSION}`], {
      env: { GOBIN: job.scratchDir },
      timeoutMs: BUILD_MS,
      signal: job.signal,
    });
    if (result.timedOut) {
      throw new SourceError(`the build took longer than ${BUILD_MS / 60_000} minutes`);
    }
    if (result.notFound) {
      throw new SourceError('Go is not installed (the command "go" was not found)');
    }
    if (!result.ok) throw new SourceError(`go install failed: ${result.reason}`);
    await rename(join(job.scratchDir, 'server'), job.target);
  } finally {
    clearInterval(clock);
  }
}
