import { decodeByteLevelVocabulary } from './byte-level-vocabulary.js';
import { readCTranslate2, type CTranslate2Variable } from './ctranslate2-reader.js';
import { halfToFloat32 } from './half-float.js';
import { melFilters } from './mel-filters.js';
import { whisperTensors, type WhisperTensor } from './whisper-tensors.js';

/** `ggml` as a little-endian number: the first four bytes of the file. */
const MAGIC = 0x67676d6c;
/** ggml's numbers for the element types. */
const F32 = 0;
const F16 = 1;

const END_OF_TEXT = '<|endoftext|>';

/** Two-dimensional tensors that whisper.cpp wants in single precision all the same. */
const ALWAYS_F32 = new Set(['encoder.positional_embedding', 'decoder.positional_embedding']);
/** Biases that whisper.cpp adds to a two-dimensional result and therefore wants as a column. */
const COLUMNS = new Set(['encoder.conv1.bias', 'encoder.conv2.bias']);

/**
 * Converts a Whisper model from CTranslate2's fp16 form to the ggml file that whisper.cpp loads.
 *
 * The layout is that of whisper.cpp's `models/convert-pt-to-ggml.py`: magic, eleven hyper-parameters, mel filters, vocabulary,
 * tensors. The same input always gives the same bytes.
 *
 * @param model - CTranslate2's `model.bin`
 * @param vocabulary - CTranslate2's `vocabulary.txt`
 * @returns the ggml file
 * @throws Error when the model is damaged, not a Whisper model, or not fp16
 */
export function whisperToGgml(model: Buffer, vocabulary: string): Buffer {
  const { spec, variables } = readCTranslate2(model);
  if (spec !== 'WhisperSpec') {
    throw new Error(`The CTranslate2 model is a ${spec}, not a WhisperSpec.`);
  }
  const layers = {
    encoder: countLayers(variables, 'encoder'),
    decoder: countLayers(variables, 'decoder'),
  };
  const tensors = whisperTensors(variables, layers);
  const melCount = dimension(variables, 'encoder/conv1/weight', 1);
  const hyperParameters = [
    dimension(variables, 'decoder/embeddings/weight', 0),
    dimension(variables, 'encoder/position_encodings/encodings', 0),
    dimension(variables, 'encoder/position_encodings/encodings', 1),
    scalar(variables, 'encoder/num_heads'),
    layers.encoder,
    dimension(variables, 'decoder/position_encodings/encodings', 0),
    dimension(variables, 'decoder/position_encodings/encodings', 1),
    scalar(variables, 'decoder/num_heads'),
    layers.decoder,
    melCount,
    F16,
  ];
  const filters = melFilters(melCount);
  const tokens = [...decodeByteLevelVocabulary(vocabulary, END_OF_TEXT), Buffer.from(END_OF_TEXT)];
  return Buffer.concat([
    int32(MAGIC, ...hyperParameters),
    int32(filters.rows, filters.columns),
    float32(filters.data),
    int32(tokens.length),
    ...tokens.flatMap((token) => [int32(token.length), token]),
    ...tensors.flatMap(ggmlTensor),
  ]);
}

function ggmlTensor(tensor: WhisperTensor): Buffer[] {
  const dims = COLUMNS.has(tensor.name) ? [...tensor.dims, 1] : tensor.dims;
  const single = tensor.dims.length < 2 || ALWAYS_F32.has(tensor.name);
  const name = Buffer.from(tensor.name, 'utf8');
  return [
    int32(dims.length, name.length, single ? F32 : F16),
    int32(...dims.toReversed()),
    name,
    single ? halfToFloat32(tensor.data) : tensor.data,
  ];
}

function countLayers(variables: ReadonlyMap<string, CTranslate2Variable>, side: string): number {
  let layers = 0;
  while (variables.has(`${side}/layer_${layers}/ffn/linear_0/weight`)) layers += 1;
  return layers;
}

function dimension(
  variables: ReadonlyMap<string, CTranslate2Variable>,
  name: string,
  index: number,
): number {
  const value = variables.get(name)?.dims[index];
  if (value === undefined)
    throw new Error(`The CTranslate2 model has no ${name} of the expected shape.`);
  return value;
}

function scalar(variables: ReadonlyMap<string, CTranslate2Variable>, name: string): number {
  const variable = variables.get(name);
  if (variable?.type !== 'int16')
    throw new Error(`The CTranslate2 model has no 16-bit number ${name}.`);
  return variable.data.readInt16LE();
}

function int32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeInt32LE(value, index * 4));
  return bytes;
}

function float32(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes;
}
