/** Element types of CTranslate2's binary format, by its own type number. */
const DATA_TYPES = ['float32', 'int8', 'int16', 'int32', 'float16', 'bfloat16'] as const;

/** The element type of a {@link CTranslate2Variable}. */
export type CTranslate2DataType = (typeof DATA_TYPES)[number];

/** One weight of a CTranslate2 model. */
export interface CTranslate2Variable {
  readonly name: string;
  /** Row-major dimensions; empty for a scalar. */
  readonly dims: readonly number[];
  readonly type: CTranslate2DataType;
  /** The elements, little-endian; a view of the input, not a copy. */
  readonly data: Buffer;
}

/** The only binary version read here; 6 has been current since CTranslate2 2.x. */
const BINARY_VERSION = 6;

/** A weight of more dimensions than this is taken for a damaged file. */
const MAX_RANK = 8;

/**
 * Reads a CTranslate2 `model.bin`: a version, the spec's name and revision, then every variable by name.
 *
 * The format is what CTranslate2's own model loader reads (`src/models/model.cc`): strings are a 16-bit length that counts a closing
 * zero byte, numbers are little-endian, the aliases behind the variables are not needed here.
 *
 * @param file - the whole file
 * @returns the model's spec (such as `WhisperSpec`) and its variables by name
 * @throws Error when the file is cut short, of another version, or holds an unknown element type
 */
export function readCTranslate2(file: Buffer): {
  spec: string;
  variables: Map<string, CTranslate2Variable>;
} {
  let at = 0;
  const take = (bytes: number, what: string): Buffer => {
    if (at + bytes > file.length) {
      throw new Error(
        `The CTranslate2 model is cut short: ${what} needs ${bytes} bytes at offset ${at}, the file has ${file.length}.`,
      );
    }
    const part = file.subarray(at, at + bytes);
    at += bytes;
    return part;
  };
  const text = (what: string): string => {
    const length = take(2, what).readUInt16LE();
    return take(length, what)
      .subarray(0, Math.max(0, length - 1))
      .toString('utf8');
  };
  const uint32 = (what: string): number => take(4, what).readUInt32LE();

  const version = uint32('the version');
  if (version !== BINARY_VERSION) {
    throw new Error(
      `This CTranslate2 model has binary version ${version}; only version ${BINARY_VERSION} can be read.`,
    );
  }
  const spec = text('the spec name');
  uint32('the spec revision');
  const count = uint32('the number of variables');
  const variables = new Map<string, CTranslate2Variable>();
  for (let index = 0; index < count; index += 1) {
    const name = text(`the name of variable ${index}`);
    const rank = take(1, name).readUInt8();
    if (rank > MAX_RANK) {
      throw new Error(`The CTranslate2 model is damaged: ${name} has ${rank} dimensions.`);
    }
    const dims = Array.from({ length: rank }, () => uint32(name));
    const typeNumber = take(1, name).readUInt8();
    const type = DATA_TYPES[typeNumber];
    if (type === undefined) {
      throw new Error(
        `The CTranslate2 model's ${name} has the unknown element type ${typeNumber}.`,
      );
    }
    variables.set(name, { name, dims, type, data: take(uint32(name), name) });
  }
  return { spec, variables };
}
