import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/** No member of an archive may unpack to more than this: a damaged or hostile archive must not fill the disk. */
const MAX_MEMBER_BYTES = 2 * 1024 ** 3;

/**
 * Unpacks chosen members of a zip archive (a Python wheel is one).
 *
 * @param archive - the archive's path
 * @param members - path in the archive → path under `into`
 * @param into - the directory to unpack to; folders are made as needed
 * @throws Error when the archive is damaged, a member is missing or larger than 2 GiB
 */
export async function extractZipMembers(
  archive: string,
  members: Readonly<Record<string, string>>,
  into: string,
): Promise<void> {
  const missing = new Set(Object.keys(members));
  const zip = await openPromise(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      const target = members[entry.fileName];
      if (target === undefined) continue;
      if (entry.uncompressedSize > MAX_MEMBER_BYTES) {
        throw new Error(
          `${entry.fileName} in ${archive} unpacks to ${entry.uncompressedSize} bytes, more than the ${MAX_MEMBER_BYTES} allowed.`,
        );
      }
      const path = join(into, target);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path));
      missing.delete(entry.fileName);
      if (missing.size === 0) break;
    }
  } finally {
    zip.close();
  }
  if (missing.size > 0) {
    throw new Error(`${archive} has no ${[...missing].join(', ')}.`);
  }
}
