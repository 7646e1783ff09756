import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav } from '../inference/audio/encode-wav.js';

/** An utterance with what is said in it. */
export interface Clip {
  readonly name: string;
  readonly text: string;
  /** WAV file, mono s16le. */
  readonly wav: Buffer;
}

/** Said by our own voice where no clips are given; none takes longer than 10 s. */
const SENTENCES = [
  'What is the capital of France?',
  'The river runs past the old stone bridge and into the sea.',
  'Seven ships were waiting in the harbour when the storm began.',
  'Please turn off the light in the kitchen.',
  'He had never seen so many books in one room before.',
  'Could you tell me how long the train to Berlin takes on a Sunday morning?',
  'The quick brown fox jumps over the lazy dog.',
  'My sister bought four apples, two pears and a bottle of milk at the market.',
];

/** Reads WAV files with a .txt of the same name beside each; other WAV files are left out. */
export async function readClips(folder: string): Promise<Clip[]> {
  const files = await readdir(folder);
  const names = files
    .filter((file) => file.endsWith('.wav') && files.includes(file.replace(/\.wav$/, '.txt')))
    .map((file) => file.slice(0, -'.wav'.length));
  return Promise.all(
    names.map(async (name) => ({
      name,
      text: (await readFile(join(folder, `${name}.txt`), 'utf8')).trim(),
      wav: await readFile(join(folder, `${name}.wav`)),
    })),
  );
}

/** Has an endpoint speak the default sentences. */
export async function makeClips(inferenceUrl: string): Promise<Clip[]> {
  const clips: Clip[] = [];
  for (const [i, text] of SENTENCES.entries()) {
    const response = await fetch(`${inferenceUrl}/v1/audio/speech`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: text, response_format: 'pcm', sample_rate: 16_000 }),
    });
    if (!response.ok) throw new Error(`speech: ${response.status} ${await response.text()}`);
    const pcm = Buffer.from(await response.arrayBuffer());
    clips.push({ name: `voice-${i + 1}`, text, wav: Buffer.from(encodeWav(pcm, 16_000)) });
  }
  return clips;
}

/** Samples and rate of a mono s16le WAV file. */
export function pcmOf(wav: Buffer): { pcm: Buffer; sampleRate: number } {
  return { pcm: wav.subarray(wav.indexOf('data') + 8), sampleRate: wav.readUInt32LE(24) };
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
