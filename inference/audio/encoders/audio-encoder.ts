/** Turns samples into a compressed file, part by part. Used by one answer, in order. */
export interface AudioEncoder {
  /**
   * @param pcm - mono s16le, an even number of bytes
   * @returns what can be sent already; empty while the encoder waits for more
   */
  encode(pcm: Uint8Array): Promise<Uint8Array>;
  /** The rest of the file. */
  finish(): Promise<Uint8Array>;
  /** Frees the encoder's memory; to be called whether it finished or not. */
  close(): void;
}

/** A compressed format. */
export interface AudioFormat {
  /** Content type of the file. */
  readonly mediaType: string;
  /** Rates that the encoder takes, in Hz. */
  readonly sampleRates: readonly number[];
  /** @param sampleRate - one of {@link sampleRates} */
  create(sampleRate: number): Promise<AudioEncoder>;
}
