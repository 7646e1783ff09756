import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Bytes that this user may write where `path` is, or where it would be made. */
export const freeBytes = async (path: string): Promise<number> => {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(path);
    if (parent === path) throw error;
    return freeBytes(parent);
  }
};
