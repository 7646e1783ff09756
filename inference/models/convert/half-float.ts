/**
 * Widens IEEE 754 half-precision numbers to single precision. Every half is exactly a single, so nothing is rounded.
 *
 * @param half - little-endian 16-bit floats
 * @returns the same numbers as little-endian 32-bit floats
 * @throws RangeError when the length is odd
 */
export function halfToFloat32(half: Buffer): Buffer {
  if (half.length % 2 !== 0) {
    throw new RangeError(`16-bit floats need an even number of bytes, not ${half.length}.`);
  }
  const single = Buffer.alloc(half.length * 2);
  for (let at = 0; at < half.length; at += 2) {
    single.writeFloatLE(halfToNumber(half.readUInt16LE(at)), at * 2);
  }
  return single;
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
