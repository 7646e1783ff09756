import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ChildCommand } from './part.js';

/** In a checkout this file is TypeScript and so are the others; in dist/ all are JavaScript. */
const isSource = import.meta.url.endsWith('.ts');

/**
 * How to run one of this project's programs with the same code as the running one.
 * @param path from the project's root, without the extension: "cli/playground"
 */
export function entryCommand(path: string, args: readonly string[] = []): ChildCommand {
  const file = fileURLToPath(new URL(`../../${path}.${isSource ? 'ts' : 'js'}`, import.meta.url));
  // Resolved here, because node would look for tsx from the working directory.
  const loader = isSource
    ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
    : [];
  return { file: process.execPath, args: [...loader, file, ...args] };
}
