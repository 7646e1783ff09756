#!/usr/bin/env node
// In a checkout the sources run as they are; the package has them compiled.
import { existsSync } from 'node:fs';

const source = new URL('../cli/earshot.ts', import.meta.url);
if (existsSync(source)) {
  await import('tsx');
  await import(source.href);
} else {
  await import(new URL('../dist/cli/earshot.js', import.meta.url).href);
}
