import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
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
