/** How long the fetcher waits and how often it tries; tests pass smaller ones. */
export interface FetchLimits {
  /** Milliseconds for name look-up, TCP and TLS together. A host that takes longer is as good as unreachable when another source exists. */
  readonly connectMs: number;
  /** Milliseconds until the first byte of an answer: file hosts redirect to storage that may need to warm up. */
  readonly headersMs: number;
  /** Milliseconds without a byte in the middle of a download before the next source is tried. */
  readonly stallMs: number;
  /** Times in a row that a cut connection may resume without having brought a byte. */
  readonly resumesWithoutProgress: number;
  /** Milliseconds between a cut connection and its resumption, so that a restarting server is not hammered. */
  readonly resumeDelayMs: number;
  /** Milliseconds for one run of a registry's client: 100 MB at 1 Mbit/s take 13 minutes. */
  readonly registryMs: number;
  /** Milliseconds to wait for another process that fetches the same thing: as long as that may take over a slow line. */
  readonly lockWaitMs: number;
  /** Milliseconds after which a lock that nobody refreshed belongs to a process that was killed. */
  readonly lockStaleMs: number;
}

/** The limits used outside tests. */
export const FETCH_LIMITS: FetchLimits = {
  connectMs: 5_000,
  headersMs: 15_000,
  stallMs: 20_000,
  resumesWithoutProgress: 3,
  resumeDelayMs: 500,
  registryMs: 15 * 60_000,
  lockWaitMs: 30 * 60_000,
  lockStaleMs: 10_000,
};
