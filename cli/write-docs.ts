import { writeFile } from 'node:fs/promises';
import { renderConfiguration } from '../config/render-configuration.js';
import { renderEnvExample } from '../config/render-env-example.js';

/** `npm run env-example`: writes `.env.example` and docs/configuration.md from the schema and the registry. */
await writeFile(new URL('../.env.example', import.meta.url), renderEnvExample());
await writeFile(new URL('../docs/configuration.md', import.meta.url), renderConfiguration());
