import { join } from 'node:path';
import { fileOf } from '../../engines/engine-host.js';
import { packageMissing } from '../package-missing.js';
import { sherpaPlatformPackage } from '../sherpa-platform-package.js';
import { SherpaTTSBackend, type SherpaTTSFamily } from './sherpa-tts-backend.js';
import type { TTSBackendDefinition } from './tts-backend.js';

/** The first voices of kokoro-en-v0_19, in the order of its voices.bin; later ones go by number. */
const ENGLISH_VOICES = [
  ...['af', 'af_bella', 'af_nicole', 'af_sarah', 'af_sky', 'am_adam', 'am_michael'],
  ...['bf_emma', 'bf_isabella', 'bm_george', 'bm_lewis'],
];
/** The first letter of a voice is its language. */
const LANGUAGES: Readonly<Record<string, string>> = { a: 'en-US', b: 'en-GB' };

const family: SherpaTTSFamily = {
  name: 'kokoro',
  config: (files) => ({
    kokoro: {
      model: fileOf(files, 'model'),
      voices: fileOf(files, 'voices'),
      tokens: fileOf(files, 'tokens'),
      dataDir: fileOf(files, 'dataDir'),
      // Only the multilingual models have it.
      ...(files.lexicon === undefined ? {} : { lexicon: files.lexicon }),
    },
  }),
  voices: (model, speakers) =>
    Array.from({ length: speakers }, (_, i) => {
      const known = speakers === ENGLISH_VOICES.length ? ENGLISH_VOICES[i] : undefined;
      const id = known ?? `kokoro-${i}`;
      return { id, name: id, language: LANGUAGES[id.slice(0, 1)] ?? 'en-US', model };
    }),
};

/** Kokoro through sherpa-onnx, from a folder as sherpa-onnx publishes them (kokoro-en-v0_19, kokoro-multi-lang-v1_0). */
export const kokoro: TTSBackendDefinition = {
  name: family.name,
  title: 'Kokoro (sherpa-onnx-node)',
  missing: () => packageMissing([sherpaPlatformPackage()]),
  expects: 'model.onnx with voices.bin, tokens.txt and espeak-ng-data/',
  filesIn: (folder, names) => {
    const model = names.find((name) => /^model.*\.onnx$/.test(name));
    const needed = ['voices.bin', 'tokens.txt', 'espeak-ng-data'];
    if (model === undefined || !needed.every((name) => names.includes(name))) return undefined;
    const lexicon = names.find((name) => /^lexicon.*\.txt$/.test(name));
    return {
      model: join(folder, model),
      voices: join(folder, 'voices.bin'),
      tokens: join(folder, 'tokens.txt'),
      dataDir: join(folder, 'espeak-ng-data'),
      ...(lexicon === undefined ? {} : { lexicon: join(folder, lexicon) }),
    };
  },
  create: (settings) => new SherpaTTSBackend(family, settings),
};
