/** Whisper's sample rate, in Hz. */
export const SAMPLE_RATE = 16_000;

/** Whisper hears 30 s at once; a little less leaves room for the padding. */
export const WHISPER_MAX_WINDOW_MS = 29_000;

/** Encoder positions of the full 30 s, and of one second. */
const FULL_CONTEXT = 1500;
const POSITIONS_PER_S = 50;
/** Half the time of 768 at the same word error rate on speech; below 448 words of short questions change, and noise makes the
 *  decoder try again for seconds. */
const MIN_CONTEXT = 512;
/** Positions after the last sample, so that the last word is not at the edge. */
const MARGIN = 50;

/** Whisper refuses or invents on less than a second: shorter clips are followed by silence. */
const MIN_SAMPLES = 1.2 * SAMPLE_RATE;

/** Fast speech has about 5 tokens a second and as many time stamps; more than this is a decoder that loops. */
const TOKENS_PER_S = 12;
const BASE_TOKENS = 32;

/** Encoder positions for a clip: its length with a margin, within what is safe. */
export function audioContextFor(sampleCount: number): number {
  const needed = Math.ceil((sampleCount / SAMPLE_RATE) * POSITIONS_PER_S) + MARGIN;
  return Math.max(MIN_CONTEXT, Math.min(FULL_CONTEXT, needed));
}

/** Tokens after which decoding stops: bounds the time of a clip that makes the decoder repeat itself. */
export function maxTokensFor(sampleCount: number): number {
  return Math.ceil(BASE_TOKENS + (sampleCount / SAMPLE_RATE) * TOKENS_PER_S);
}

/** The samples, followed by silence where they are shorter than Whisper accepts. */
export function padded(samples: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  if (samples.length >= MIN_SAMPLES) return samples;
  const longer = new Float32Array(MIN_SAMPLES);
  longer.set(samples);
  return longer;
}
