/** The samples as bytes (s16le), without copying: the machine is little-endian wherever Node runs. */
export const samplesToBytes = (pcm: Int16Array): Uint8Array =>
  new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);

/** Whole samples of `bytes` as memory of its own: a view may start at an odd offset. */
export const bytesToSamples = (bytes: Uint8Array): Int16Array =>
  new Int16Array(bytes.slice(0, bytes.length & ~1).buffer);
