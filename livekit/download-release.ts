import { chmod, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar';
import { downloadFile } from '../downloads/download-file.js';
import { ChecksumError, SourceError } from '../downloads/fetch-error.js';
import type { FetchLimits } from '../downloads/fetch-limits.js';
import { hashFile } from '../downloads/hash-file.js';
import type { OnProgress } from '../downloads/progress.js';
import { checksumOf } from './livekit-release.js';

/** The archives have 16 to 18 MB (1.13.3); ten times that is no release. */
const MAX_ARCHIVE_BYTES = 180_000_000;
/** Six lines. */
const MAX_CHECKSUMS_BYTES = 100_000;
/** The binary's name inside the archive. */
const BINARY = 'livekit-server';

/**
 * Downloads livekit-server's official archive, verifies it against the checksum file of the same release and unpacks the binary.
 *
 * @param job - `archive` is the archive's name, `scratchDir` an existing directory for temporary files, `target` the binary's path
 * @throws SourceError and its kinds when the release can't be had or is not what its checksum file says
 */
export async function downloadRelease(job: {
  readonly releaseUrl: string;
  readonly archive: string;
  readonly scratchDir: string;
  readonly target: string;
  readonly item: string;
  readonly limits: FetchLimits;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { item, limits, signal, onProgress } = job;
  const checksums = join(job.scratchDir, 'checksums.txt');
  await downloadFile({
    url: `${job.releaseUrl}/checksums.txt`,
    file: checksums,
    maxBytes: MAX_CHECKSUMS_BYTES,
    limits,
    signal,
  });
  const expected = checksumOf(job.archive, await readFile(checksums, 'utf8'));
  const archive = join(job.scratchDir, job.archive);
  const url = `${job.releaseUrl}/${job.archive}`;
  await downloadFile({
    url,
    file: archive,
    maxBytes: MAX_ARCHIVE_BYTES,
    limits,
    signal,
    onBytes: (doneBytes, totalBytes) => {
      onProgress({
        item,
        phase: 'download',
        doneBytes,
        ...(totalBytes === undefined ? {} : { totalBytes }),
      });
    },
  });
  onProgress({ item, phase: 'verify' });
  const sha256 = await hashFile(archive);
  if (sha256 !== expected) {
    await rm(archive, { force: true });
    throw new ChecksumError(job.archive, expected, sha256, url);
  }
  try {
    await extract({ file: archive, cwd: job.scratchDir, strict: true }, [BINARY]);
    await chmod(join(job.scratchDir, BINARY), 0o755);
    await rename(join(job.scratchDir, BINARY), job.target);
  } catch (error) {
    throw new SourceError(`${job.archive} can't be unpacked: ${String(error)}`, { cause: error });
  }
}
