import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Artefact, FileSpec } from '../../../downloads/artefact.js';

/** The folder that sherpa-onnx is given as the voice's data directory. */
export const ESPEAK_DIRECTORY = 'espeak-ng-data';

/** The package keeps all files in one, end to end; its loader (espeak-ng.js) lists where each begins. */
const BUNDLE = 'espeak-ng.data';

/** What eSpeak NG reads to turn American English into phonemes; its 110 other languages are left in the package. */
const FILES: readonly (FileSpec & { readonly start: number })[] = [
  {
    path: 'en_dict',
    start: 3_314_089,
    bytes: 167_064,
    sha256: 'c02251c07158c6ba740214276d10455f69dfe6f42715f3fc6c6f1160dec52dc0',
  },
  {
    path: 'intonations',
    start: 10_656_006,
    bytes: 2_312,
    sha256: '031a105bf6bb2ebcd73a2c579ccfb42469b27266db0078af65ae298fd3588b21',
  },
  {
    path: 'lang/gmw/en-US',
    start: 11_220_958,
    bytes: 257,
    sha256: '41534c2a22df5dd4f1052ff9e1a33a3ea7bff5a26b5c02bdad5ba8ddb7524704',
  },
  {
    path: 'phondata',
    start: 12_783_987,
    bytes: 554_740,
    sha256: 'a0b643b155cb6b12628d9e7865b57d9fca0d35844614f2594a5e009c80c80bb4',
  },
  {
    path: 'phonindex',
    start: 13_338_727,
    bytes: 43_316,
    sha256: '384e5fa6f714ba5356c58008249b78699c31c1ad044b243068d263fb806b7d73',
  },
  {
    path: 'phontab',
    start: 13_382_043,
    bytes: 58_652,
    sha256: '1b40690667e1e9aa1ba5e5234773c799e7e72ea751426e5150423d53c3f24fa2',
  },
];

/**
 * eSpeak NG 1.52's data for American English (GPL-3.0-or-later), which Piper's voices need.
 *
 * There is no official download of the built data with a published checksum, so a package is its only source: one from npm, since npm
 * is wherever Node.js is, so that a machine without Python gets its voice too.
 */
export const espeakNgData: Artefact = {
  id: 'espeak-ng-data-en-us',
  files: FILES.map(({ path, bytes, sha256 }) => ({
    path: `${ESPEAK_DIRECTORY}/${path}`,
    bytes,
    sha256,
  })),
  sources: [
    {
      kind: 'registry',
      client: 'npm',
      package: '@echogarden/espeak-ng-emscripten',
      version: '0.3.5',
      bytes: 12_528_264,
      sha256: '6b0bac048e123de9a690e3fe79346ed377c18797e9b09c3e0d8761a3ac00abe6',
      members: { [`package/${BUNDLE}`]: BUNDLE },
      prepare: async (from, to) => {
        const bundle = await readFile(join(from, BUNDLE));
        for (const { path, start, bytes } of FILES) {
          const target = join(to, ESPEAK_DIRECTORY, path);
          await mkdir(dirname(target), { recursive: true });
          await writeFile(target, bundle.subarray(start, start + bytes));
        }
      },
    },
  ],
};
