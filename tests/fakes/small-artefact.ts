import { createHash } from 'node:crypto';
import type { Artefact, HttpSource } from '../../downloads/artefact.js';
import type { FetchLimits } from '../../downloads/fetch-limits.js';

/** Limits short enough for tests; undici's clock ticks about once a second. */
export const QUICK: FetchLimits = {
  connectMs: 1_000,
  headersMs: 1_000,
  stallMs: 1_000,
  resumesWithoutProgress: 2,
  resumeDelayMs: 10,
  registryMs: 60_000,
  lockWaitMs: 15_000,
  lockStaleMs: 2_000,
};

/** The SHA-256 of some bytes. */
export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A source with one file. */
export function httpSource(url: string, content: Buffer): HttpSource {
  return {
    kind: 'http',
    files: [
      {
        url,
        saveAs: 'file.bin',
        bytes: content.length,
        sha256: sha256(content),
        citation: 'a test',
      },
    ],
  };
}

/** An artefact of one file, `file.bin`. */
export function smallArtefact(content: Buffer, sources: Artefact['sources']): Artefact {
  return {
    id: 'small',
    files: [{ path: 'file.bin', bytes: content.length, sha256: sha256(content) }],
    sources,
  };
}
