/** The version that is fetched: the one that was tried with this project. */
export const LIVEKIT_VERSION = '1.13.5';

/** Directory of a version's official archives and of their `checksums.txt`. */
export const LIVEKIT_RELEASE_URL = `https://github.com/livekit/livekit/releases/download/v${LIVEKIT_VERSION}`;

/** Go's names for the processors that releases are built for. */
const GO_ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  arm: 'armv7',
};

/**
 * The name of the official archive for a platform.
 *
 * @param platform - as in `process.platform`
 * @param architecture - as in `process.arch`
 * @returns undefined where LiveKit publishes none (macOS: Homebrew has it; Windows: a zip, which is not unpacked here)
 */
export function livekitArchive(platform: string, architecture: string): string | undefined {
  const go = GO_ARCHITECTURES[architecture];
  if (platform !== 'linux' || go === undefined) return undefined;
  return `livekit_${LIVEKIT_VERSION}_linux_${go}.tar.gz`;
}

/**
 * Finds a file's SHA-256 in a `checksums.txt`: lines of a hexadecimal digest, blanks and a file name, as `sha256sum` writes them.
 *
 * @throws Error when the file is not listed
 */
export function checksumOf(fileName: string, checksums: string): string {
  for (const line of checksums.split('\n')) {
    const [digest, name] = line.trim().split(/\s+\*?/);
    if (name === fileName && digest !== undefined && /^[0-9a-f]{64}$/i.test(digest)) {
      return digest.toLowerCase();
    }
  }
  throw new Error(`the release's checksums.txt lists no SHA-256 for ${fileName}`);
}
