import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AudioFormat } from './audio-encoder.js';

/** Samples encoded at once, in s: the encoders work in this thread, and other clients wait meanwhile (about 5 ms). */
const SLICE_S = 0.25;

/**
 * Encodes audio while it is made.
 *
 * @param audio - parts of mono s16le
 * @throws what making the audio throws
 */
export async function* encodeAudio(
  audio: AsyncIterable<Uint8Array>,
  format: AudioFormat,
  sampleRate: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = await format.create(sampleRate);
  const sliceBytes = Math.round(sampleRate * SLICE_S) * 2;
  try {
    for await (const part of audio) {
      for (let at = 0; at < part.byteLength; at += sliceBytes) {
        const encoded = await encoder.encode(part.subarray(at, at + sliceBytes));
        if (encoded.byteLength > 0) yield encoded;
        await nextTurn();
      }
    }
    const last = await encoder.finish();
    if (last.byteLength > 0) yield last;
  } finally {
    encoder.close();
  }
}
