import { join } from 'node:path';

/** A kind of sherpa-onnx recogniser. `zipformer-streaming` hears audio as it comes, the others hear whole clips. */
export type SherpaSTTKind =
  'moonshine' | 'whisper' | 'transducer' | 'nemo-transducer' | 'nemo-ctc' | 'zipformer-streaming';

/** Files of each kind by the name that sherpa-onnx gives them, as its published model folders call them. */
const LAYOUTS: readonly {
  readonly kind: SherpaSTTKind;
  readonly files: Readonly<Record<string, RegExp>>;
  /** Tells kinds with the same files apart, by the names of folder and files. */
  readonly when?: RegExp;
}[] = [
  {
    kind: 'moonshine',
    files: {
      preprocessor: /^preprocess.*\.onnx$/,
      encoder: /^encode.*\.onnx$/,
      uncachedDecoder: /^uncached_decode.*\.onnx$/,
      cachedDecoder: /^cached_decode.*\.onnx$/,
      tokens: /tokens\.txt$/,
    },
  },
  {
    kind: 'zipformer-streaming',
    files: {
      encoder: /^encoder.*\.onnx$/,
      decoder: /^decoder.*\.onnx$/,
      joiner: /^joiner.*\.onnx$/,
      tokens: /tokens\.txt$/,
    },
    when: /streaming|chunk/i,
  },
  {
    kind: 'nemo-transducer',
    files: {
      encoder: /^encoder.*\.onnx$/,
      decoder: /^decoder.*\.onnx$/,
      joiner: /^joiner.*\.onnx$/,
      tokens: /tokens\.txt$/,
    },
    when: /nemo|parakeet/i,
  },
  {
    kind: 'transducer',
    files: {
      encoder: /^encoder.*\.onnx$/,
      decoder: /^decoder.*\.onnx$/,
      joiner: /^joiner.*\.onnx$/,
      tokens: /tokens\.txt$/,
    },
  },
  {
    kind: 'whisper',
    files: {
      encoder: /encoder(?:\.int8)?\.onnx$/,
      decoder: /decoder(?:\.int8)?\.onnx$/,
      tokens: /tokens\.txt$/,
    },
  },
  {
    kind: 'nemo-ctc',
    files: { model: /^model(?:\.int8)?\.onnx$/, tokens: /tokens\.txt$/ },
    when: /nemo|parakeet|ctc/i,
  },
];

/** A recogniser's files, found in a folder. */
export interface SherpaSTTModel {
  readonly kind: SherpaSTTKind;
  /** Absolute paths by the name in sherpa-onnx's configuration. */
  readonly files: Readonly<Record<string, string>>;
}

/** What the folders hold, for error messages. */
export const SHERPA_STT_EXPECTS =
  'the files of a sherpa-onnx model (tokens.txt with encoder, decoder and joiner, or with those of Whisper, Moonshine or Parakeet)';

/**
 * Finds out what a folder holds, by the names that sherpa-onnx gives its published models. Of a file that is there both in
 * full and in 8 bits, the 8 bits are taken: half the memory, and faster on a processor.
 *
 * @returns undefined when it holds no model that is known here
 */
export function findSTTModel(folder: string, names: readonly string[]): SherpaSTTModel | undefined {
  const described = [folder.split(/[\\/]/).at(-1) ?? '', ...names].join(' ');
  for (const { kind, files, when } of LAYOUTS) {
    if (when !== undefined && !when.test(described)) continue;
    const found = Object.entries(files).map(([role, pattern]) => [role, pick(names, pattern)]);
    if (found.some(([, name]) => name === undefined)) continue;
    const paths = found.map(([role, name]) => [role, join(folder, name ?? '')]);
    return { kind, files: Object.fromEntries(paths) as Record<string, string> };
  }
  return undefined;
}

function pick(names: readonly string[], pattern: RegExp): string | undefined {
  const fitting = names.filter((name) => pattern.test(name));
  return fitting.find((name) => name.includes('int8')) ?? fitting[0];
}

/** The part of sherpa-onnx's model configuration that says which files are what. */
export function modelConfigOf({ kind, files }: SherpaSTTModel, language: string): object {
  const { tokens, ...rest } = files;
  switch (kind) {
    case 'moonshine':
      return { moonshine: rest, tokens };
    case 'whisper':
      return { whisper: { ...rest, language, task: 'transcribe', tailPaddings: -1 }, tokens };
    case 'nemo-transducer':
      return { transducer: rest, tokens, modelType: 'nemo_transducer' };
    case 'nemo-ctc':
      return { nemoCtc: rest, tokens };
    case 'transducer':
    case 'zipformer-streaming':
      return { transducer: rest, tokens };
  }
}
