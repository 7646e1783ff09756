import './closed-pipe.js';
import { writeFile } from 'node:fs/promises';
import { renderEnvExample } from '../config/render-env-example.js';

/** `npm run env-example`: writes `.env.example` from the schema and the registry. */
await writeFile(new URL('../.env.example', import.meta.url), renderEnvExample());
