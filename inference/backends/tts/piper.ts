import { join } from 'node:path';
import { fileOf } from '../../engines/engine-host.js';
import type { Voice } from '../../engines/text-to-speech-engine.js';
import { packageMissing } from '../package-missing.js';
import { sherpaPlatformPackage } from '../sherpa-platform-package.js';
import { SherpaTTSBackend, type SherpaTTSFamily } from './sherpa-tts-backend.js';
import type { TTSBackendDefinition } from './tts-backend.js';

const family: SherpaTTSFamily = {
  name: 'piper',
  config: (files) => ({
    vits: {
      model: fileOf(files, 'model'),
      tokens: fileOf(files, 'tokens'),
      dataDir: fileOf(files, 'dataDir'),
    },
  }),
  voices: (model, speakers) => {
    const voice = piperVoice(model);
    if (speakers <= 1) return [voice];
    return Array.from({ length: speakers }, (_, i) => ({
      ...voice,
      id: `${voice.id}-${i}`,
      name: `${voice.name} ${i}`,
    }));
  },
};

/** Piper's names carry language and voice: `piper-en_US-joe-medium`, or `vits-piper-en_US-amy-low` as sherpa-onnx calls its folders. */
export function piperVoice(model: string): Voice {
  const found = /(?<language>[a-z]{2,3}_[A-Z]{2})-(?<name>[^-]+)/.exec(model);
  const name = found?.groups?.name ?? model;
  const language = (found?.groups?.language ?? 'en_US').replace('_', '-');
  return { id: name, name, language, model };
}

/** Piper voices through sherpa-onnx. */
export const piper: TTSBackendDefinition = {
  name: family.name,
  title: 'Piper VITS (sherpa-onnx-node)',
  missing: () => packageMissing([sherpaPlatformPackage()]),
  expects: 'one .onnx with tokens.txt and espeak-ng-data/, as sherpa-onnx publishes Piper voices',
  filesIn: (folder, names) => {
    const models = names.filter((name) => name.endsWith('.onnx'));
    const [model] = models;
    if (model === undefined || models.length > 1) return undefined;
    if (!names.includes('tokens.txt') || !names.includes('espeak-ng-data')) return undefined;
    if (names.includes('voices.bin')) return undefined; // Kokoro
    return {
      model: join(folder, model),
      tokens: join(folder, 'tokens.txt'),
      dataDir: join(folder, 'espeak-ng-data'),
    };
  },
  create: (settings) => new SherpaTTSBackend(family, settings),
};
