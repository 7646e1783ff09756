/** What the beginning of a WAV stream says. */
export interface WavHeader {
  readonly sampleRate: number;
  readonly channels: number;
  /** 1 is PCM. */
  readonly format: number;
  readonly bitsPerSample: number;
  /** Bytes before the audio. */
  readonly headerBytes: number;
  /** Bytes of audio; `Infinity` for a stream whose length was not known when the header was written. */
  readonly dataBytes: number;
}

/** A header that is not complete by then is not one. */
export const MAX_WAV_HEADER_BYTES = 64 << 10;

/** Whether bytes may be the beginning of a WAV file; true for fewer than 4 fitting bytes. */
export const looksLikeWav = (bytes: Uint8Array): boolean =>
  [0x52, 0x49, 0x46, 0x46].every((byte, i) => i >= bytes.length || bytes[i] === byte);

/**
 * Reads the header at the beginning of a WAV stream. (The wavefile library wants the whole file,
 * and audio is to be played as it arrives.)
 *
 * @returns `undefined` while more bytes are needed, `'invalid'` if this is no WAV file
 */
export const parseWavHeader = (bytes: Uint8Array): WavHeader | 'invalid' | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12) return undefined;
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') return 'invalid';
  let format: Omit<WavHeader, 'headerBytes' | 'dataBytes'> | undefined;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const size = view.getUint32(at + 4, true);
    if (tag(at) === 'data') {
      if (format === undefined) return 'invalid';
      // Streaming encoders write 0 or the largest number because they do not know yet.
      const unknown = size === 0 || size >= 0x7fff_0000;
      return { ...format, headerBytes: at + 8, dataBytes: unknown ? Infinity : size };
    }
    if (tag(at) === 'fmt ') {
      if (at + 24 > bytes.length) return undefined;
      const code = view.getUint16(at + 8, true);
      format = {
        // WAVE_FORMAT_EXTENSIBLE keeps the real format in the first two bytes of its GUID.
        format: code === 0xfffe && at + 34 <= bytes.length ? view.getUint16(at + 32, true) : code,
        channels: view.getUint16(at + 10, true),
        sampleRate: view.getUint32(at + 12, true),
        bitsPerSample: view.getUint16(at + 22, true),
      };
    }
    at += 8 + size + (size & 1);
    if (at > MAX_WAV_HEADER_BYTES) return 'invalid';
  }
  return undefined;
};
