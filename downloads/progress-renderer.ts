import { MultiBar, type SingleBar } from 'cli-progress';
import type { OnProgress, Progress, ProgressPhase } from './progress.js';

/** What a phase is called in front of a person. */
const WORDS: Readonly<Record<ProgressPhase, string>> = {
  cache: 'cached',
  download: 'downloading',
  registry: 'from package registry',
  convert: 'converting',
  verify: 'verifying',
  build: 'building',
  done: 'ready',
};

/** A line or a bar an item. */
export interface ProgressRenderer {
  readonly onProgress: OnProgress;
  /** Leaves the bars as they are and gives the terminal back; call it before printing anything else. */
  readonly stop: () => void;
}

/**
 * Shows progress to a person: bars on a terminal, else a plain line whenever an item enters a new phase.
 *
 * @param output - where to write
 */
export function createProgressRenderer(
  output: NodeJS.WritableStream & { readonly isTTY?: boolean },
): ProgressRenderer {
  return output.isTTY === true ? bars(output) : lines(output);
}

function lines(output: NodeJS.WritableStream): ProgressRenderer {
  const phases = new Map<string, ProgressPhase>();
  return {
    onProgress: (progress) => {
      const entered = phases.get(progress.item) !== progress.phase;
      phases.set(progress.item, progress.phase);
      if (progress.note !== undefined && progress.phase !== 'build') {
        output.write(`${progress.item}: ${progress.note}\n`);
      } else if (entered && progress.phase !== 'cache') {
        output.write(`${progress.item}: ${words(progress)}${size(progress)}\n`);
      }
    },
    stop: () => undefined,
  };
}

function bars(output: NodeJS.WritableStream): ProgressRenderer {
  const multi = new MultiBar({
    stream: output,
    format: '{item} {bar} {size} {words}',
    clearOnComplete: false,
    hideCursor: true,
    barsize: 24,
    barCompleteChar: '#',
    barIncompleteChar: '-',
    // Ctrl-C is the program's business: the bars must not swallow it.
    gracefulExit: false,
  });
  const byItem = new Map<string, SingleBar>();
  return {
    onProgress: (progress) => {
      const payload = {
        item: progress.item.padEnd(24),
        words: words(progress),
        size: size(progress),
      };
      const total = progress.totalBytes ?? 0;
      let bar = byItem.get(progress.item);
      if (bar === undefined) {
        bar = multi.create(Math.max(1, total), 0, payload);
        byItem.set(progress.item, bar);
      }
      if (total > 0) bar.setTotal(total);
      // What follows the transfer (verifying, converting) leaves the bar where the transfer ended.
      const transfer = progress.phase === 'download' || progress.phase === 'registry';
      bar.update(transfer ? (progress.doneBytes ?? 0) : bar.getTotal(), payload);
      if (progress.note !== undefined && progress.phase !== 'build') {
        multi.log(`${progress.item}: ${progress.note}\n`);
      }
    },
    stop: () => {
      multi.stop();
    },
  };
}

function words(progress: Progress): string {
  return progress.phase === 'build' && progress.note !== undefined
    ? `${WORDS.build}, ${progress.note}`
    : WORDS[progress.phase];
}

function size({ doneBytes, totalBytes }: Progress): string {
  if (totalBytes === undefined) return '';
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return doneBytes === undefined || doneBytes === 0
    ? ` ${megabytes(totalBytes)} MB`
    : ` ${megabytes(Math.min(doneBytes, totalBytes))}/${megabytes(totalBytes)} MB`;
}
