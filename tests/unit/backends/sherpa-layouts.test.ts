import { describe, expect, it } from 'vitest';
import { findSTTModel, modelConfigOf } from '../../../inference/engines/sherpa/stt-layouts.js';
import { tokensToWords } from '../../../inference/engines/sherpa/tokens-to-words.js';

const TRANSDUCER = ['encoder.int8.onnx', 'decoder.int8.onnx', 'joiner.int8.onnx', 'tokens.txt'];

describe('the folders that sherpa-onnx publishes', () => {
  it.each([
    [
      'sherpa-onnx-moonshine-tiny-en-int8',
      [
        'preprocess.onnx',
        'encode.int8.onnx',
        'uncached_decode.int8.onnx',
        'cached_decode.int8.onnx',
        'tokens.txt',
      ],
      'moonshine',
    ],
    ['sherpa-onnx-nemo-parakeet-tdt-0.6b-v2-int8', TRANSDUCER, 'nemo-transducer'],
    [
      'sherpa-onnx-streaming-zipformer-en-20M-2023-02-17',
      [
        'encoder-epoch-99-avg-1.onnx',
        'encoder-epoch-99-avg-1.int8.onnx',
        'decoder-epoch-99-avg-1.onnx',
        'joiner-epoch-99-avg-1.onnx',
        'tokens.txt',
      ],
      'zipformer-streaming',
    ],
    ['sherpa-onnx-zipformer-gigaspeech-2023-12-12', TRANSDUCER, 'transducer'],
    [
      'sherpa-onnx-whisper-base',
      ['base-encoder.onnx', 'base-decoder.onnx', 'base-tokens.txt'],
      'whisper',
    ],
    ['sherpa-onnx-nemo-parakeet_tdt_ctc_110m-en', ['model.int8.onnx', 'tokens.txt'], 'nemo-ctc'],
  ])('%s', (folder, names, kind) => {
    expect(findSTTModel(`/models/${folder}`, names)?.kind).toBe(kind);
  });

  it('are taken in 8 bits where there is a choice', () => {
    const names = ['a-encoder.onnx', 'a-encoder.int8.onnx', 'a-decoder.onnx', 'a-tokens.txt'];
    const model = findSTTModel('/models/a', names);
    expect(model?.files).toEqual({
      encoder: '/models/a/a-encoder.int8.onnx',
      decoder: '/models/a/a-decoder.onnx',
      tokens: '/models/a/a-tokens.txt',
    });
    expect(model && modelConfigOf(model, 'en')).toMatchObject({
      whisper: { encoder: '/models/a/a-encoder.int8.onnx', language: 'en' },
      tokens: '/models/a/a-tokens.txt',
    });
  });

  it('are nothing when a file is missing', () => {
    expect(findSTTModel('/models/a', TRANSDUCER.slice(0, 2))).toBeUndefined();
  });
});

describe('tokensToWords', () => {
  it('joins the pieces of a word and ends it where the next begins', () => {
    expect(tokensToWords(['▁he', 'llo', '▁the', 're'], [0.1, 0.3, 0.8, 1], 2000)).toEqual([
      { text: 'hello', startMs: 100, endMs: 800 },
      { text: 'there', startMs: 800, endMs: 1100 },
    ]);
  });

  it('gives none for a model without times', () => {
    expect(tokensToWords(['▁he'], [], 2000)).toEqual([]);
  });
});
