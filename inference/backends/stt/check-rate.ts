/** The rate that the endpoint gives its recognisers, in Hz. */
export const STT_SAMPLE_RATE = 16_000;

/** @throws RangeError for audio at another rate than the backend hears: the endpoint resamples before */
export function checkRate(backend: string, sampleRate: number): void {
  if (sampleRate === STT_SAMPLE_RATE) return;
  throw new RangeError(
    `${backend} hears audio at ${STT_SAMPLE_RATE} Hz, not at ${sampleRate} Hz; resample it first, as the endpoint does.`,
  );
}
