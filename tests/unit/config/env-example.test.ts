import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { DEVELOPMENT_SECRET } from '../../../config/env-schema.js';
import { renderConfiguration } from '../../../config/render-configuration.js';
import { renderEnvExample } from '../../../config/render-env-example.js';

it('.env.example is what the schema says (npm run env-example writes it)', async () => {
  const file = await readFile(new URL('../../../.env.example', import.meta.url), 'utf8');
  expect(file).toBe(renderEnvExample());
});

it('names every variable once', () => {
  const names = [...renderEnvExample().matchAll(/^#([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]);
  expect(names.length).toBeGreaterThan(40);
  expect(new Set(names).size).toBe(names.length);
});

it('docs/configuration.md is what the schema says (npm run env-example writes it)', async () => {
  const file = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  expect(file).toBe(renderConfiguration());
});

it('the documentation has every variable of the example, and no value of a secret', () => {
  const documented = [...renderConfiguration().matchAll(/^\| `([A-Z][A-Z0-9_]*)`/gm)];
  const names = [...renderEnvExample().matchAll(/^#([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]);
  expect(documented.map((match) => match[1])).toEqual(names);
  expect(renderConfiguration()).not.toContain(DEVELOPMENT_SECRET);
});
