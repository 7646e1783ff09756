import type { PartState } from './part.js';

/** The part's line without its name: "ready     ws://127.0.0.1:7880 (0.3 s)". */
export function stateText(state: PartState): string {
  switch (state.kind) {
    case 'waiting':
      return line('waiting', `for ${state.forParts.join(' and ')}`);
    case 'starting':
      return line('starting', [percent(state.fraction), state.detail].filter(Boolean).join(' '));
    case 'ready':
      return line('ready', [state.detail, `(${seconds(state.tookMs)})`].filter(Boolean).join(' '));
    case 'restarting':
      return line('died', `${state.reason}; starting again in ${seconds(state.inMs)}`);
    case 'failed':
      return line('failed', state.reason);
    case 'stopped':
      return line('stopped', '');
  }
}

function line(word: string, rest: string): string {
  return `${word.padEnd(8)}  ${rest}`.trimEnd();
}

function percent(fraction: number | undefined): string {
  return fraction === undefined ? '' : `${Math.floor(fraction * 100)} %`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
