import { describe, expect, it } from 'vitest';
import {
  BackendRegistry,
  BackendUnavailableError,
  type BackendDefinition,
} from '../../../inference/backends/backend-registry.js';
import { packageMissing } from '../../../inference/backends/package-missing.js';
import { sttBackends } from '../../../inference/backends/stt/stt-registry.js';
import { ttsBackends } from '../../../inference/backends/tts/tts-registry.js';

const definition = (name: string, reason?: string): BackendDefinition<object> => ({
  name,
  title: name,
  expects: `a file ${name}.bin`,
  missing: () => reason,
  filesIn: (folder, names) =>
    names.includes(`${name}.bin`) ? { model: `${folder}/${name}.bin` } : undefined,
  create: () => ({}),
});

describe('a registry of backends', () => {
  it('shows what cannot be used here, and why', () => {
    const registry = new BackendRegistry('test', [
      definition('here'),
      definition('gone', 'no build'),
    ]);
    expect(registry.discover()).toEqual([
      { name: 'here', title: 'here', available: true, reason: undefined },
      { name: 'gone', title: 'gone', available: false, reason: 'no build' },
    ]);
    expect(registry.available().map(({ name }) => name)).toEqual(['here']);
  });

  it('says what there is when a name is unknown, and what is missing when it cannot be used', () => {
    const registry = new BackendRegistry('test', [
      definition('here'),
      definition('gone', 'no build'),
    ]);
    expect(() => registry.get('nobody')).toThrow('there are here, gone');
    expect(() => registry.get('gone')).toThrow(BackendUnavailableError);
    expect(() => registry.get('gone')).toThrow('no build');
  });

  it('takes a name once', () => {
    const registry = new BackendRegistry('test', [definition('here')]);
    expect(() => {
      registry.register(definition('here'));
    }).toThrow('registered already');
    registry.unregister('here');
    registry.register(definition('here', 'away'));
    expect(registry.discover()[0]?.reason).toBe('away');
  });
});

describe('packageMissing', () => {
  it('finds an installed package, and names one that is not', () => {
    expect(packageMissing(['not-a-package-of-anybody', 'zod'])).toBeUndefined();
    expect(packageMissing(['not-a-package-of-anybody'])).toContain('not-a-package-of-anybody');
  });
});

describe('the built-in backends', () => {
  it('know their own model folders and nobody else’s', () => {
    const folders: [string, string[], string | undefined][] = [
      ['base', ['ggml-base.bin'], 'whisper-cpp'],
      [
        'sherpa-onnx-whisper-tiny.en',
        ['tiny.en-encoder.int8.onnx', 'tiny.en-decoder.int8.onnx', 'tiny.en-tokens.txt'],
        'sherpa-onnx',
      ],
      ['en_US-amy-low', ['en_US-amy-low.onnx', 'tokens.txt', 'espeak-ng-data'], 'piper'],
      ['kokoro', ['model.onnx', 'voices.bin', 'tokens.txt', 'espeak-ng-data'], 'kokoro'],
      ['nothing', ['README.md'], undefined],
    ];
    for (const [folder, names, expected] of folders) {
      const definitions = [...sttBackends.available(), ...ttsBackends.available()];
      const found = definitions.filter((one) => one.filesIn(`/models/${folder}`, names));
      expect(
        found.map(({ name }) => name),
        folder,
      ).toEqual(expected ? [expected] : []);
    }
  });

  it('refuse to work before a model is loaded', async () => {
    for (const definition of sttBackends.available()) {
      const { name } = definition;
      const backend = definition.create({});
      expect(backend.isLoaded()).toBe(false);
      await expect(backend.transcribe(new Float32Array(16_000), 16_000)).rejects.toThrow(
        `${name} has no model loaded`,
      );
      await backend.unload();
    }
    for (const definition of ttsBackends.available()) {
      const { name } = definition;
      const backend = definition.create({});
      expect(backend.getVoices()).toEqual([]);
      await expect(backend.synthesize('Hello')).rejects.toThrow(`${name} has no model loaded`);
      await backend.unload();
    }
  });
});
