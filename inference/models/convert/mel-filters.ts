/** Whisper's front end: 16 kHz audio, a 400-point Fourier transform. */
const SAMPLE_RATE_HZ = 16_000;
const FFT_SIZE = 400;

/** Slaney's mel scale is linear below this frequency … */
const LINEAR_BELOW_HZ = 1000;
const HZ_PER_LINEAR_MEL = 200 / 3;
const LINEAR_MELS = LINEAR_BELOW_HZ / HZ_PER_LINEAR_MEL;
/** … and logarithmic above it, 27 mels to a factor of 6.4. */
const LOG_STEP = Math.log(6.4) / 27;

function hzToMel(hz: number): number {
  return hz < LINEAR_BELOW_HZ
    ? hz / HZ_PER_LINEAR_MEL
    : LINEAR_MELS + Math.log(hz / LINEAR_BELOW_HZ) / LOG_STEP;
}

function melToHz(mel: number): number {
  return mel < LINEAR_MELS
    ? mel * HZ_PER_LINEAR_MEL
    : LINEAR_BELOW_HZ * Math.exp(LOG_STEP * (mel - LINEAR_MELS));
}

/**
 * The triangular mel filter bank that Whisper was trained with: Slaney's scale, each filter normalised to the same area.
 *
 * Written after the formula of librosa's `filters.mel(sr=16000, n_fft=400)`, which made Whisper's own `mel_filters.npz`.
 *
 * @param melCount - the number of filters: 80 for every Whisper model up to large-v2
 * @returns `melCount` rows of 201 weights, one a frequency bin of the Fourier transform
 */
export function melFilters(melCount: number): {
  rows: number;
  columns: number;
  data: Float32Array;
} {
  const columns = FFT_SIZE / 2 + 1;
  const topMel = hzToMel(SAMPLE_RATE_HZ / 2);
  // Each filter rises from one edge to the next and falls to the one after, so there are two more edges than filters.
  const edge = (index: number): number => melToHz((topMel * index) / (melCount + 1));
  const data = new Float32Array(melCount * columns);
  for (let mel = 0; mel < melCount; mel += 1) {
    const [low, centre, high] = [edge(mel), edge(mel + 1), edge(mel + 2)];
    const areaScale = 2 / (high - low);
    for (let bin = 0; bin < columns; bin += 1) {
      const hz = (bin * SAMPLE_RATE_HZ) / FFT_SIZE;
      const rising = (hz - low) / (centre - low);
      const falling = (high - hz) / (high - centre);
      data[mel * columns + bin] = Math.fround(Math.max(0, Math.min(rising, falling))) * areaScale;
    }
  }
  return { rows: melCount, columns, data };
}
