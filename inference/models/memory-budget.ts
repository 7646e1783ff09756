/** What a model takes in memory for each byte of its files: weights, and the buffers of a pass beside them. */
const MEMORY_PER_BYTE = 1.4;
const MB = 1e6;

/** A model would take more memory than the endpoint may use. */
export class MemoryCapError extends Error {
  override readonly name = 'MemoryCapError';
}

/** What can be unloaded to make room. */
export interface Unloadable {
  /** @returns false when it is in use */
  unload(): Promise<boolean>;
}

/**
 * Makes sure that a model fits under the cap, unloading what nobody uses where it does not.
 *
 * @param bytes - of the model's files
 * @param capMb - what the process may take; undefined: no cap
 * @param others - models that may go, the least wanted first
 * @param usedBytes - what the process takes now
 * @throws MemoryCapError
 */
export async function makeRoom(
  bytes: number,
  capMb: number | undefined,
  others: readonly Unloadable[],
  usedBytes: () => number = () => process.memoryUsage.rss(),
): Promise<void> {
  if (capMb === undefined) return;
  const needed = bytes * MEMORY_PER_BYTE;
  const fits = (): boolean => usedBytes() + needed <= capMb * MB;
  for (const other of others) {
    if (fits()) return;
    await other.unload();
  }
  if (fits()) return;
  const inMb = (value: number): string => `${Math.round(value / MB)} MB`;
  throw new MemoryCapError(
    `The model needs about ${inMb(needed)}, ${inMb(usedBytes())} are in use and INFERENCE_MEMORY_MB allows ${capMb} MB. Raise it, or choose a smaller model.`,
  );
}
