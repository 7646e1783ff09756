import type { Display } from './display.js';
import type { PartState } from './part.js';
import { stateText } from './state-text.js';

/** Without a terminal, how far a part has come is told this often: a log file is not a progress bar. */
const PROGRESS_EVERY_MS = 5_000;

/**
 * One line per news, for pipes, files and log collectors. While the parts come up at the same time,
 * their "ready" lines are held back until those of the parts before them were written.
 */
export function createPlainDisplay(
  partNames: readonly string[],
  write: (text: string) => void,
): Display {
  const width = Math.max(...partNames.map((name) => name.length));
  const states = new Map<string, PartState>();
  const lastProgressAt = new Map<string, number>();
  const announced = new Set<string>();

  const tell = (part: string, text: string): void => {
    write(`${part.padEnd(width)}  ${text}\n`);
  };
  const tellReadyInOrder = (): void => {
    for (const name of partNames) {
      const state = states.get(name);
      if (announced.has(name)) continue;
      if (state?.kind !== 'ready') return;
      announced.add(name);
      tell(name, stateText(state));
    }
  };

  return {
    state: (part, state) => {
      states.set(part, state);
      if (state.kind === 'ready' && !announced.has(part)) {
        tellReadyInOrder();
      } else if (state.kind === 'starting') {
        const now = performance.now();
        if (state.detail === undefined) return;
        if (now - (lastProgressAt.get(part) ?? -Infinity) < PROGRESS_EVERY_MS) return;
        lastProgressAt.set(part, now);
        tell(part, stateText(state));
      } else if (state.kind !== 'waiting') {
        tell(part, stateText(state));
      }
    },
    log: (part, line) => {
      write(`${part.padEnd(width)} | ${line.text}\n`);
    },
    settle: () => undefined,
    say: (text) => {
      write(`${text}\n`);
    },
  };
}
