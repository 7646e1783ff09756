import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { whisperToGgml } from '../../../inference/models/convert/whisper-to-ggml.js';
import {
  TINY,
  TINY_VOCABULARY,
  tinyWhisperVariables,
  writeCTranslate2,
} from '../../fakes/tiny-whisper.js';

/** Reads a ggml Whisper file by whisper.cpp's format, independently of the writer under test. */
function readGgml(file: Buffer) {
  let at = 0;
  const int32 = (): number => {
    at += 4;
    return file.readInt32LE(at - 4);
  };
  const bytes = (length: number): Buffer => {
    at += length;
    return file.subarray(at - length, at);
  };
  const magic = int32();
  const hyperParameters = Array.from({ length: 11 }, int32);
  const [rows, columns] = [int32(), int32()];
  const filters = bytes(rows * columns * 4);
  const tokens = Array.from({ length: int32() }, () => bytes(int32()).toString('latin1'));
  const tensors = new Map<string, { dims: number[]; type: number; data: Buffer }>();
  while (at < file.length) {
    const [rank, nameLength, type] = [int32(), int32(), int32()];
    const dims = Array.from({ length: rank }, int32);
    const name = bytes(nameLength).toString();
    const count = dims.reduce((product, size) => product * size, 1);
    tensors.set(name, { dims, type, data: bytes(count * (type === 0 ? 4 : 2)) });
  }
  return { magic, hyperParameters, rows, columns, filters, tokens, tensors };
}

const variables = tinyWhisperVariables();
const model = writeCTranslate2(variables);

function variable(name: string): Buffer {
  const found = variables.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(name);
  return found.data;
}

describe('whisperToGgml', () => {
  const ggml = readGgml(whisperToGgml(model, TINY_VOCABULARY));

  test('writes the header, the filters and the vocabulary', () => {
    expect(ggml.magic).toBe(0x67676d6c);
    expect(ggml.hyperParameters).toEqual([
      5, // vocabulary
      TINY.audioContext,
      TINY.state,
      TINY.heads,
      TINY.layers,
      TINY.textContext,
      TINY.state,
      TINY.heads,
      TINY.layers,
      TINY.mels,
      1, // fp16
    ]);
    expect([ggml.rows, ggml.columns]).toEqual([80, 201]);
    expect(ggml.tokens).toEqual(['!', ' a', '\0', '<|endoftext|>']);
  });

  test('divides the fused query, key and value', () => {
    const fused = variable('decoder/layer_0/self_attention/linear_0/weight');
    const third = fused.length / 3;
    for (const [index, name] of ['query', 'key', 'value'].entries()) {
      expect(ggml.tensors.get(`decoder.blocks.0.attn.${name}.weight`)).toEqual({
        dims: [TINY.state, TINY.state],
        type: 1,
        data: fused.subarray(index * third, (index + 1) * third),
      });
    }
    const cross = variable('decoder/layer_0/attention/linear_1/weight');
    expect(ggml.tensors.get('decoder.blocks.0.cross_attn.value.weight')?.data).toEqual(
      cross.subarray(cross.length / 2),
    );
    expect(ggml.tensors.has('decoder.blocks.0.attn.key.bias')).toBe(false);
    expect(ggml.tensors.has('encoder.blocks.0.cross_attn.key.weight')).toBe(false);
  });

  test('keeps in single precision what whisper.cpp wants so', () => {
    const { state, audioContext } = TINY;
    expect(ggml.tensors.get('encoder.positional_embedding')).toMatchObject({
      dims: [state, audioContext],
      type: 0,
    });
    expect(ggml.tensors.get('encoder.conv1.bias')).toMatchObject({ dims: [1, state], type: 0 });
    expect(ggml.tensors.get('decoder.ln.weight')).toMatchObject({ dims: [state], type: 0 });
    expect(ggml.tensors.get('encoder.conv1.weight')).toMatchObject({
      dims: [3, TINY.mels, state],
      type: 1,
    });
    const half = variable('decoder/layer_norm/gamma').readUInt16LE(0);
    // The test's weights are 1.0 and up in steps of 2^-10 within an exponent.
    const exponent = (half >> 10) - 15;
    const value = (1 + (half & 0x3ff) / 1024) * 2 ** exponent;
    expect(ggml.tensors.get('decoder.ln.weight')?.data.readFloatLE(0)).toBe(value);
  });

  test('gives the same bytes every time', () => {
    expect(whisperToGgml(model, TINY_VOCABULARY)).toEqual(whisperToGgml(model, TINY_VOCABULARY));
  });
});

describe('whisperToGgml refuses', () => {
  test('a file cut anywhere', () => {
    // The aliases, the last four bytes, are not read.
    fc.assert(
      fc.property(fc.integer({ min: 0, max: model.length - 5 }), (length) => {
        expect(() => whisperToGgml(model.subarray(0, length), TINY_VOCABULARY)).toThrow(
          /cut short|has no/,
        );
      }),
    );
  });

  test.each<[string, () => Buffer, RegExp]>([
    ['another version', () => writeCTranslate2(variables, { version: 5 }), /version 5; only/],
    ['another kind of model', () => writeCTranslate2([], { spec: 'BertSpec' }), /is a BertSpec/],
    [
      'an unknown element type',
      () => writeCTranslate2(variables.map((entry) => ({ ...entry, type: 99 }))),
      /unknown element type 99/,
    ],
    [
      'weights that are not fp16',
      () =>
        writeCTranslate2(
          variables.map((entry) => (entry.name.endsWith('gamma') ? { ...entry, type: 1 } : entry)),
        ),
      /gamma is int8; only float16/,
    ],
    [
      'a model without a layer norm',
      () => writeCTranslate2(variables.filter(({ name }) => name !== 'decoder/layer_norm/beta')),
      /has no decoder\/layer_norm\/beta, which decoder.ln.bias comes from/,
    ],
  ])('%s', (_name, file, message) => {
    expect(() => whisperToGgml(file(), TINY_VOCABULARY)).toThrow(message);
  });

  test('a vocabulary without its end, or with characters that stand for no byte', () => {
    expect(() => whisperToGgml(model, 'a\nb\n')).toThrow(/no <\|endoftext\|>/);
    expect(() => whisperToGgml(model, 'a b\n<|endoftext|>')).toThrow(/Token 0 .*" "/);
  });
});
