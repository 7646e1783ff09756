/** The samples as bytes (s16le), without copying: the machine is little-endian wherever Node runs. */
export const samplesToBytes = (pcm: Int16Array): Uint8Array =>
  new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);

/**
 * Whole samples of `bytes` as memory of its own: a view may start at an odd offset. (Not
 * `bytes.slice()`: a Node Buffer's slice is a view of a shared pool.)
 */
export const bytesToSamples = (bytes: Uint8Array): Int16Array => {
  const samples = new Int16Array(bytes.length >> 1);
  samplesToBytes(samples).set(bytes.subarray(0, samples.byteLength));
  return samples;
};
