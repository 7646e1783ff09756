/** Sizes of a Whisper so small that its file fits a test; the proportions are those of the real ones. */
export const TINY = { state: 4, mels: 80, audioContext: 6, textContext: 5, heads: 2, layers: 1 };

/** Tokens of the tiny vocabulary: bytes, a blank (`Ġ`), a byte that is no text, then the first special token. */
export const TINY_VOCABULARY = '!\nĠa\nĀ\n<|endoftext|>\n<|startoftranscript|>\n';

/** A variable to write: fp16 numbers filled with one value, or a 16-bit integer. */
interface Variable {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: number;
  readonly data: Buffer;
}

const FLOAT16 = 4;
const INT16 = 2;

/** Writes a CTranslate2 file, by its format: independent of the reader under test. */
export function writeCTranslate2(
  variables: readonly Variable[],
  { version = 6, spec = 'WhisperSpec' } = {},
): Buffer {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(`${value}\0`);
    const length = Buffer.alloc(2);
    length.writeUInt16LE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const uint32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  return Buffer.concat([
    uint32(version),
    text(spec),
    uint32(3),
    uint32(variables.length),
    ...variables.flatMap(({ name, dims, type, data }) => [
      text(name),
      Buffer.from([dims.length]),
      ...dims.map(uint32),
      Buffer.from([type]),
      uint32(data.length),
      data,
    ]),
    uint32(0),
  ]);
}

/** The variables of a whole tiny Whisper; every weight has its own numbers, so that a mix-up shows. */
export function tinyWhisperVariables(): Variable[] {
  const { state, mels, audioContext, textContext, heads, layers } = TINY;
  const variables: Variable[] = [];
  let next = 0;
  const weight = (name: string, ...dims: number[]): void => {
    const count = dims.reduce((product, size) => product * size, 1);
    const data = Buffer.alloc(count * 2);
    // 0x3c00 is 1.0 as fp16; counting from there gives distinct finite numbers.
    for (let at = 0; at < count; at += 1) data.writeUInt16LE(0x3c00 + (next++ % 0x3000), at * 2);
    variables.push({ name, dims, type: FLOAT16, data });
  };
  const integer = (name: string, value: number): void => {
    const data = Buffer.alloc(2);
    data.writeInt16LE(value);
    variables.push({ name, dims: [], type: INT16, data });
  };
  const linear = (name: string, ...dims: [number, ...number[]]): void => {
    weight(`${name}/weight`, ...dims);
    weight(`${name}/bias`, dims[0]);
  };
  const norm = (name: string): void => {
    weight(`${name}/gamma`, state);
    weight(`${name}/beta`, state);
  };
  weight('decoder/embeddings/weight', 5, state);
  weight('decoder/position_encodings/encodings', textContext, state);
  weight('encoder/position_encodings/encodings', audioContext, state);
  linear('encoder/conv1', state, mels, 3);
  linear('encoder/conv2', state, state, 3);
  for (const side of ['encoder', 'decoder']) {
    integer(`${side}/num_heads`, heads);
    norm(`${side}/layer_norm`);
    for (let layer = 0; layer < layers; layer += 1) {
      const at = `${side}/layer_${layer}`;
      linear(`${at}/self_attention/linear_0`, 3 * state, state);
      linear(`${at}/self_attention/linear_1`, state, state);
      norm(`${at}/self_attention/layer_norm`);
      linear(`${at}/ffn/linear_0`, 4 * state, state);
      linear(`${at}/ffn/linear_1`, state, 4 * state);
      norm(`${at}/ffn/layer_norm`);
      if (side === 'encoder') continue;
      linear(`${at}/attention/linear_0`, state, state);
      linear(`${at}/attention/linear_1`, 2 * state, state);
      linear(`${at}/attention/linear_2`, state, state);
      norm(`${at}/attention/layer_norm`);
    }
  }
  return variables;
}
