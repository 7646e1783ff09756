import Pbf from 'pbf';
import { expect, test } from 'vitest';
import { parsePiperConfig } from '../../../inference/models/convert/piper-config.js';
import { piperToSherpa } from '../../../inference/models/convert/piper-to-sherpa.js';

const CONFIG = {
  audio: { sample_rate: 22_050, quality: 'medium' },
  espeak: { voice: 'en-us' },
  num_speakers: 1,
  phoneme_id_map: { _: [0], ' ': [3], ˈ: [120] },
};

function metadataOf(model: Buffer): Record<string, string> {
  return new Pbf(model).readFields<Record<string, string>>((tag, result, pbf) => {
    if (tag !== 14) return;
    const [key = '', value = ''] = pbf.readMessage<string[]>((field, entry, inner) => {
      entry[field - 1] = inner.readString();
    }, []);
    result[key] = value;
  }, {});
}

test('adds what sherpa-onnx reads to the model, and leaves the model as it is', () => {
  // Field 1 of ModelProto, ir_version, with the value 8.
  const original = Buffer.from([0x08, 0x08]);
  const { model } = piperToSherpa(original, parsePiperConfig(JSON.stringify(CONFIG)));
  expect(model.subarray(0, 2)).toEqual(original);
  expect(metadataOf(model)).toEqual({
    model_type: 'vits',
    comment: 'piper',
    language: 'English',
    voice: 'en-us',
    has_espeak: '1',
    n_speakers: '1',
    sample_rate: '22050',
  });
});

test('writes one phoneme and its id a line, the blank included', () => {
  const { tokens } = piperToSherpa(Buffer.alloc(0), parsePiperConfig(JSON.stringify(CONFIG)));
  expect(tokens).toBe('_ 0\n  3\nˈ 120\n');
});

test.each([
  ['{', /not JSON/],
  ['null', /not as expected/],
  [JSON.stringify({ ...CONFIG, num_speakers: 0 }), /num_speakers/],
  [JSON.stringify({ ...CONFIG, audio: {} }), /audio.sample_rate/],
  [JSON.stringify({ ...CONFIG, phoneme_id_map: { a: [] } }), /phoneme_id_map.a/],
])('refuses the configuration %s', (json, message) => {
  expect(() => parsePiperConfig(json)).toThrow(message);
});
