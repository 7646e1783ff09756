import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Whether an optional package is installed, without loading it: native code stays out of the HTTP thread.
 *
 * @param packages - any of them will do, e.g. the builds for glibc and musl
 * @returns a sentence when none is there
 */
export function packageMissing(packages: readonly string[]): string | undefined {
  const found = packages.some((name) => {
    try {
      require.resolve(`${name}/package.json`);
      return true;
    } catch (error) {
      // A package may hide its package.json; it is there all the same.
      return (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
    }
  });
  if (found) return undefined;
  const platform = `${process.platform}-${process.arch}`;
  return `the package ${packages.join(' or ')} is not installed (it may have no build for ${platform}).`;
}
