import { styleText } from 'node:util';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Display } from './display.js';
import type { LogLine } from './log-line.js';
import type { PartState } from './part.js';
import { stateText } from './state-text.js';

type Style = Parameters<typeof styleText>[0];

/** One colour a part, so that the eye finds its lines; given out in order. */
const PART_COLOURS: readonly Style[] = ['cyan', 'magenta', 'blue', 'green', 'yellow'];

const STATE_STYLES: Record<PartState['kind'], Style> = {
  waiting: 'dim',
  starting: 'yellow',
  ready: 'green',
  restarting: 'red',
  failed: 'red',
  stopped: 'dim',
};
const LEVEL_STYLES: Record<LogLine['level'], Style> = {
  debug: 'dim',
  info: 'reset',
  warn: 'yellow',
  error: 'red',
};

/** A line per part that is redrawn while the parts come up, with their logs above; plain lines afterwards. */
export function createTerminalDisplay(
  partNames: readonly string[],
  stream: NodeJS.WriteStream,
): Display {
  const width = Math.max(...partNames.map((name) => name.length));
  const states = new Map<string, PartState>();
  const bars = new MultiBar({
    stream,
    hideCursor: true,
    // Ctrl-C is the supervisor's to answer: the lines must not swallow it.
    gracefulExit: false,
    // Our own formatter writes the whole line: text and a figure where there is one, not a bar.
    format: (_options, _params, payload: { part: string }) => lineOf(payload.part),
  });
  const lines = new Map<string, SingleBar>(
    partNames.map((part) => [part, bars.create(1, 0, { part })]),
  );
  let settled = false;

  const label = (part: string): string => {
    const colour = PART_COLOURS[partNames.indexOf(part) % PART_COLOURS.length] ?? 'reset';
    return styleText(colour, part.padEnd(width));
  };
  const lineOf = (part: string): string => {
    const state = states.get(part);
    if (!state) return label(part);
    return `${label(part)}  ${styleText(STATE_STYLES[state.kind], stateText(state))}`;
  };
  const write = (text: string): void => {
    if (settled) stream.write(text);
    else bars.log(text);
  };

  return {
    state: (part, state) => {
      states.set(part, state);
      if (settled) write(`${lineOf(part)}\n`);
      else lines.get(part)?.update(state.kind === 'ready' ? 1 : 0);
    },
    log: (part, line) => {
      write(`${label(part)} | ${styleText(LEVEL_STYLES[line.level], line.text)}\n`);
    },
    settle: () => {
      if (settled) return;
      bars.update();
      bars.stop();
      settled = true;
    },
    say: (text) => {
      write(`${text}\n`);
    },
  };
}
