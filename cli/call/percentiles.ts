/** Of one measure, in ms. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly max: number;
}

/** Percentiles by nearest rank: each is a value that was measured. Undefined when none was. */
export const percentiles = (values: readonly (number | undefined)[]): Percentiles | undefined => {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  const at = (percent: number): number =>
    sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
  if (sorted.length === 0) return undefined;
  return { count: sorted.length, p50: at(50), p90: at(90), p95: at(95), max: at(100) };
};
