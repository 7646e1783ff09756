import type { PiperVoiceConfig } from './piper-config.js';

/** Field 14 of ONNX's `ModelProto`: `repeated StringStringEntryProto metadata_props`. */
const METADATA_PROPS_FIELD = 14;
const KEY_FIELD = 1;
const VALUE_FIELD = 2;
/** Protobuf's wire type of strings and embedded messages. */
const LENGTH_DELIMITED = 2;

/**
 * Makes a Piper voice loadable by sherpa-onnx: metadata in the model and a token table.
 *
 * sherpa-onnx reads from the model's metadata what Piper keeps in a JSON file beside it. A repeated protobuf field may stand anywhere in a
 * message, so the entries are appended and the model's own bytes stay as they are.
 *
 * @param model - Piper's `.onnx`
 * @param config - the parsed `.onnx.json`
 * @returns the model with metadata, and the text of `tokens.txt`
 */
export function piperToSherpa(
  model: Buffer,
  config: PiperVoiceConfig,
): { model: Buffer; tokens: string } {
  const metadata: [string, string][] = [
    ['model_type', 'vits'],
    ['comment', 'piper'],
    ['language', 'English'],
    ['voice', config.espeak.voice],
    ['has_espeak', '1'],
    ['n_speakers', config.num_speakers.toString()],
    ['sample_rate', config.audio.sample_rate.toString()],
  ];
  const entries = metadata.map(([key, value]) =>
    field(
      METADATA_PROPS_FIELD,
      Buffer.concat([field(KEY_FIELD, Buffer.from(key)), field(VALUE_FIELD, Buffer.from(value))]),
    ),
  );
  const tokens = Object.entries(config.phoneme_id_map).map(
    ([phoneme, [id]]) => `${phoneme} ${String(id)}\n`,
  );
  return { model: Buffer.concat([model, ...entries]), tokens: tokens.join('') };
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | LENGTH_DELIMITED), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
