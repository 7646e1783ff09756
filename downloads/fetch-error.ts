/** A source that did not give what was asked; the next one is tried. */
export class SourceError extends Error {
  override readonly name: string = 'SourceError';
}

/** A source whose host can't be reached at all: other files of that host need not be tried. */
export class UnreachableError extends SourceError {
  override readonly name = 'UnreachableError';
}

/** Bytes that arrived and are not the expected ones. */
export class ChecksumError extends SourceError {
  override readonly name = 'ChecksumError';

  /**
   * @param what - the file, for people
   * @param expected - the digest that was demanded
   * @param got - the digest of what came
   * @param from - where it came from
   */
  constructor(what: string, expected: string, got: string, from: string) {
    super(
      `wrong checksum: ${what} from ${from} has SHA-256 ${got}, expected ${expected}; it was refused and deleted`,
    );
  }
}

/** The cache can't be written; no source can help. */
export class CacheNotWritableError extends Error {
  override readonly name = 'CacheNotWritableError';

  /**
   * @param cacheDir - the directory that was tried
   * @param cause - the file system's error
   */
  constructor(cacheDir: string, cause: NodeJS.ErrnoException) {
    const reason =
      cause.code === 'ENOSPC' || cause.code === 'EDQUOT' ? 'is full' : 'can not be written';
    super(
      `The cache directory ${cacheDir} ${reason} (${cause.message}). Free or fix it, or set EARSHOT_CACHE_DIR to a directory that you can write.`,
      { cause },
    );
  }
}

/** Every source of an artefact failed. */
export class AllSourcesFailedError extends Error {
  override readonly name = 'AllSourcesFailedError';

  /**
   * @param id - what was to be fetched
   * @param failures - one line a source: its name and why it failed
   * @param advice - what a person can do about it
   */
  constructor(
    id: string,
    readonly failures: readonly { readonly source: string; readonly reason: string }[],
    advice: string,
  ) {
    const lines = failures.map(({ source, reason }) => `  - ${source}: ${reason}`);
    super([`${id} could not be fetched from any source:`, ...lines, advice].join('\n'));
  }
}

const DISK_CODES = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

/** Whether an error is the local file system refusing to write. */
export function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    DISK_CODES.has(error.code)
  );
}
