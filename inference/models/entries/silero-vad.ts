import type { ModelEntry } from '../model-entry.js';

const FILE = 'silero_vad.onnx';
const BYTES = 2_327_524;
const SHA256 = '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3';

/** Silero's voice activity detector, version 6. */
export const sileroVad: ModelEntry = {
  id: 'silero-vad',
  kind: 'vad',
  engine: 'sherpa-onnx (sherpa-onnx-node)',
  backend: 'silero',
  origin: 'Silero Team, https://github.com/snakers4/silero-vad',
  licence: 'MIT',
  files: { model: FILE },
  parts: [
    {
      id: 'silero-vad',
      files: [{ path: FILE, bytes: BYTES, sha256: SHA256 }],
      sources: [
        {
          kind: 'http',
          files: [
            {
              url: `https://raw.githubusercontent.com/snakers4/silero-vad/bfdc0193022f121ea5b3cc7b176dbed570a68a59/src/silero_vad/data/${FILE}`,
              saveAs: FILE,
              bytes: BYTES,
              sha256: SHA256,
              citation:
                'Computed from this file in a copy of the publisher’s repository; the same as in the publisher’s package silero-vad 6.2.3',
            },
          ],
        },
        {
          kind: 'registry',
          client: 'pip',
          package: 'silero-vad',
          version: '6.2.3',
          bytes: 11_317_527,
          sha256: '7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8',
          members: { [`silero_vad/data/${FILE}`]: FILE },
        },
      ],
    },
  ],
};
