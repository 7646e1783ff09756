import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createEncoder } from 'wasm-media-encoders';
import { pcmToFloat } from '../pcm.js';
import type { AudioFormat } from './audio-encoder.js';

/** Constant bitrate in kbit/s: clean for one voice, and within what MPEG-2.5 allows at 8 kHz. */
const BITRATE = 64;

const { resolve } = createRequire(import.meta.url);
type Lame = Awaited<ReturnType<typeof createEncoder<'audio/mpeg'>>>;
let compiled: Parameters<typeof createEncoder>[1] | undefined;

/** LAME as WebAssembly (`wasm-media-encoders`, MIT; LAME itself is LGPL and stays a package of its own). Compiled once, on first use. */
async function createLame(): Promise<Lame> {
  const wasm = compiled ?? (await readFile(resolve('wasm-media-encoders/wasm/mp3')));
  return createEncoder('audio/mpeg', wasm, (module) => {
    compiled = module;
  });
}

/** MP3. */
export const mp3Format: AudioFormat = {
  mediaType: 'audio/mpeg',
  sampleRates: [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000],
  create: async (sampleRate) => {
    const encoder = await createLame();
    encoder.configure({
      sampleRate,
      channels: 1,
      bitrate: BITRATE,
      outputSampleRate: sampleRate as 48_000, // one of sampleRates, which the caller has checked
    });
    return {
      // What it returns lies in memory that the next call overwrites.
      encode: (pcm) => Promise.resolve(encoder.encode([pcmToFloat(pcm)]).slice()),
      finish: () => Promise.resolve(encoder.finalize().slice()),
      close: () => undefined, // its memory goes with the object
    };
  },
};
