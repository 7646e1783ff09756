/** Audio as the engines want it, and where somebody speaks in it. */
export interface AnalysedAudio {
  /** Mono float samples at 16 kHz. */
  readonly samples: Float32Array<ArrayBuffer>;
  /** One flag per window of {@link VAD_WINDOW_SAMPLES} samples that was completed: 1 speech, 0 not. */
  readonly speech: Uint8Array;
}

/** A whole clip, decoded. */
export interface AnalysedClip extends AnalysedAudio {
  readonly durationMs: number;
}

/** Samples at 16 kHz in one window of the detector (32 ms). */
export const VAD_WINDOW_SAMPLES = 512;

/** The detector at work on one stream. */
export interface VoiceActivityStream {
  /** @param pcm - mono s16le at the stream's rate, an even number of bytes; moved, not usable afterwards */
  push(pcm: Uint8Array<ArrayBuffer>): Promise<AnalysedAudio>;
  /** Forgets the past, e.g. after an utterance was cut. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Decodes and resamples audio, and says where somebody speaks. */
export interface VoiceActivityEngine {
  /** @param sampleRate - of the audio that will be pushed, in Hz */
  openStream(sampleRate: number): Promise<VoiceActivityStream>;
  /**
   * @param file - a WAV file (PCM of 8 to 32 bits, float, A-law, µ-law; any rate; channels are mixed to one)
   * @throws ApiError 400 that says what is wrong with the file
   */
  analyseClip(file: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<AnalysedClip>;
}
