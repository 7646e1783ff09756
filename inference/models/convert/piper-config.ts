import { z } from 'zod';

/** The fields of a Piper voice's `.onnx.json` that sherpa-onnx needs; the rest is left unread. */
const piperConfigSchema = z.object({
  audio: z.object({ sample_rate: z.int().positive() }),
  espeak: z.object({ voice: z.string().min(1) }),
  num_speakers: z.int().positive(),
  phoneme_id_map: z.record(z.string(), z.array(z.int()).min(1)),
});

/** What sherpa-onnx needs to know of a Piper voice. */
export type PiperVoiceConfig = z.infer<typeof piperConfigSchema>;

/**
 * Reads a Piper voice's configuration.
 *
 * @param json - the text of the `.onnx.json`
 * @throws Error naming the field that is missing or wrong
 */
export function parsePiperConfig(json: string): PiperVoiceConfig {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error(`The Piper voice's configuration is not JSON: ${String(error)}`, {
      cause: error,
    });
  }
  const result = piperConfigSchema.safeParse(value);
  if (!result.success) {
    throw new Error(
      `The Piper voice's configuration is not as expected:\n${z.prettifyError(result.error)}`,
    );
  }
  return result.data;
}
