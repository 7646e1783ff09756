import { join } from 'node:path';
import { ensureArtefact } from '../../downloads/ensure-artefact.js';
import { QUICK, httpSource, smallArtefact } from './small-artefact.js';

/** A process of its own that fetches one file: `node --import tsx fetch-child.ts CACHE URL CONTENT_IN_HEX`. */
const [cacheDir = '', url = '', hex = ''] = process.argv.slice(2);
const content = Buffer.from(hex, 'hex');
const from = await ensureArtefact(smallArtefact(content, [httpSource(url, content)]), {
  cacheDir,
  directory: join(cacheDir, 'small'),
  limits: { ...QUICK, stallMs: 60_000 },
});
process.stdout.write(from);
