import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { extract } from 'tar';

/**
 * Unpacks chosen members of a tar archive, gzipped or not (an npm package is one).
 *
 * @param archive - the archive's path
 * @param members - path in the archive → path under `into`
 * @param into - the directory to unpack to; folders are made as needed
 * @throws Error when the archive is damaged or a member is missing
 */
export async function extractTarMembers(
  archive: string,
  members: Readonly<Record<string, string>>,
  into: string,
): Promise<void> {
  const unpacked = join(into, '.unpacked');
  await mkdir(unpacked, { recursive: true });
  await extract({ file: archive, cwd: unpacked, strict: true }, Object.keys(members));
  for (const [member, target] of Object.entries(members)) {
    await mkdir(dirname(join(into, target)), { recursive: true });
    try {
      await rename(join(unpacked, member), join(into, target));
    } catch (error) {
      throw new Error(`${archive} has no ${member}.`, { cause: error });
    }
  }
}
