import Pbf from 'pbf';
import type { PiperVoiceConfig } from './piper-config.js';

/** Field 14 of ONNX's `ModelProto`: `repeated StringStringEntryProto metadata_props`. */
const METADATA_PROPS_FIELD = 14;
const KEY_FIELD = 1;
const VALUE_FIELD = 2;

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
  const props = new Pbf();
  for (const entry of metadata) props.writeMessage(METADATA_PROPS_FIELD, writeEntry, entry);
  const tokens = Object.entries(config.phoneme_id_map).map(
    ([phoneme, [id]]) => `${phoneme} ${String(id)}\n`,
  );
  return { model: Buffer.concat([model, props.finish()]), tokens: tokens.join('') };
}

function writeEntry([key, value]: [string, string], pbf: Pbf): void {
  pbf.writeStringField(KEY_FIELD, key);
  pbf.writeStringField(VALUE_FIELD, value);
}
