import { execa } from 'execa';

/** Milliseconds for `--version`: it prints and ends. */
const VERSION_MS = 10_000;

/**
 * Asks a livekit-server for its version.
 *
 * @param command - a path, or a name to look up in PATH
 * @returns such as `1.13.5`, or undefined when there is no such program or it does not answer like one
 */
export async function livekitVersion(command: string): Promise<string | undefined> {
  const result = await execa(command, ['--version'], {
    timeout: VERSION_MS,
    reject: false,
    stdin: 'ignore',
    // See runCommand: the library's clean-up would end this process on the first signal.
    cleanup: false,
  });
  if (result.failed) return undefined;
  return /version\s+v?(\d+\.\d+\.\d+\S*)/.exec(result.stdout)?.[1];
}
