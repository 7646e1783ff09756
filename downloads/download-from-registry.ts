import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegistrySource } from './artefact.js';
import { SourceError } from './fetch-error.js';
import type { FetchLimits } from './fetch-limits.js';
import { REGISTRY_CLIENTS } from './registry-clients.js';
import { runCommand } from './run-command.js';

/** Milliseconds for `--version`: a cold Python on a slow disk needs some. */
const VERSION_MS = 20_000;
/** Milliseconds between two looks at how much has arrived. */
const LOOK_EVERY_MS = 500;

/** Other ways to call the clients than the built-in ones; for tests. */
export type RegistryCommands = Partial<
  Readonly<Record<RegistrySource['client'], readonly (readonly string[])[]>>
>;

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
    readonly commands?: RegistryCommands | undefined;
    readonly onBytes?: (doneBytes: number) => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<string> {
  const client = REGISTRY_CLIENTS[source.client];
  const command = await findClient(
    options.commands?.[source.client] ?? client.commands,
    options.signal,
  );
  if (command === undefined) throw new SourceError(client.missing);
  const archives = join(into, 'archives');
  const temporary = join(into, 'tmp');
  await mkdir(archives, { recursive: true });
  await mkdir(temporary, { recursive: true });
  const watch = setInterval(() => {
    void bytesUnder(into).then(options.onBytes, () => undefined);
  }, LOOK_EVERY_MS);
  const name = command.join(' ');
  try {
    const result = await runCommand([...command, ...client.arguments(source, archives)], {
      timeoutMs: options.limits.registryMs,
      env: { TMPDIR: temporary },
      signal: options.signal,
    });
    if (result.timedOut) {
      throw new SourceError(
        `${name} took longer than ${Math.round(options.limits.registryMs / 60_000)} minutes`,
      );
    }
    if (!result.ok) throw new SourceError(`${name} failed: ${result.reason}`);
  } finally {
    clearInterval(watch);
  }
  const [archive] = await readdir(archives);
  if (archive === undefined) throw new SourceError(`${name} said it was done but saved no archive`);
  return join(archives, archive);
}

async function findClient(
  commands: readonly (readonly string[])[],
  signal: AbortSignal | undefined,
): Promise<readonly string[] | undefined> {
  for (const command of commands) {
    const { ok } = await runCommand([...command, '--version'], { timeoutMs: VERSION_MS, signal });
    if (ok) return command;
  }
  return undefined;
}

async function bytesUnder(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
