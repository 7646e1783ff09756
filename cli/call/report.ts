import { percentiles, type Percentiles } from './percentiles.js';
import type { Turn } from './converse.js';

/** What `--json` prints: one object, durations in ms. */
export interface CallReport {
  readonly turns: (Omit<Turn, 'reply'> & { replyFile: string | undefined })[];
  readonly medianEndOfSpeechToFinalMs: number | undefined;
  readonly medianEndOfSpeechToFirstAudioMs: number | undefined;
  /** By measure; absent where nothing was measured. */
  readonly percentiles: {
    readonly endOfSpeechToFinalMs: Percentiles | undefined;
    readonly endOfSpeechToFirstAudioMs: Percentiles | undefined;
    readonly interruptionToSilenceMs: Percentiles | undefined;
  };
}

/** Sums up a call. `replyFiles` stand in the order of the turns. */
export const callReport = (
  turns: readonly Turn[],
  replyFiles: readonly (string | undefined)[],
): CallReport => ({
  turns: turns.map(({ reply: _, ...turn }, index) => ({ ...turn, replyFile: replyFiles[index] })),
  medianEndOfSpeechToFinalMs: median(turns.map((turn) => turn.endOfSpeechToFinalMs)),
  medianEndOfSpeechToFirstAudioMs: median(turns.map((turn) => turn.endOfSpeechToFirstAudioMs)),
  percentiles: {
    endOfSpeechToFinalMs: percentiles(turns.map((turn) => turn.endOfSpeechToFinalMs)),
    endOfSpeechToFirstAudioMs: percentiles(turns.map((turn) => turn.endOfSpeechToFirstAudioMs)),
    interruptionToSilenceMs: percentiles(
      turns.map((turn) => turn.interruptionToSilenceMs ?? undefined),
    ),
  },
});

/** One turn for a person. */
export const renderTurn = (turn: Turn, replyFile: string | undefined): string =>
  [
    turn.file,
    `  you    ${turn.user === '' ? '(nothing was understood)' : turn.user}`,
    `  agent  ${turn.agent === '' ? '(no answer)' : turn.agent}`,
    `  end of speech → final transcript ${inMs(turn.endOfSpeechToFinalMs)}, → first agent audio ${inMs(turn.endOfSpeechToFirstAudioMs)}`,
    ...(turn.interruptionToSilenceMs === undefined
      ? []
      : [renderInterruption(turn.interruptionToSilenceMs)]),
    ...(replyFile === undefined ? [] : [`  reply in ${replyFile}`]),
  ].join('\n');

const renderInterruption = (ms: number | null): string =>
  ms === null
    ? '  interrupted the agent, which did not stop'
    : `  interrupted the agent, which was silent after ${ms} ms`;

/** The percentiles of several turns, a line a measure. */
export const renderPercentiles = ({ percentiles: of }: CallReport): string =>
  (
    [
      ['end of speech → final transcript', of.endOfSpeechToFinalMs],
      ['end of speech → first agent audio', of.endOfSpeechToFirstAudioMs],
      ['interruption → silence', of.interruptionToSilenceMs],
    ] as const
  )
    .flatMap(([name, p]) =>
      p === undefined
        ? []
        : [
            `  ${name.padEnd(34)} p50 ${p.p50}, p90 ${p.p90}, p95 ${p.p95}, max ${p.max} ms (${p.count})`,
          ],
    )
    .join('\n');

/** The medians, worth saying after several turns. */
export const renderSummary = (report: CallReport): string =>
  `median of ${report.turns.length}: end of speech → final transcript ${inMs(report.medianEndOfSpeechToFinalMs)}, → first agent audio ${inMs(report.medianEndOfSpeechToFirstAudioMs)}`;

const inMs = (value: number | undefined): string => (value === undefined ? '–' : `${value} ms`);

const median = (values: readonly (number | undefined)[]): number | undefined => {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? undefined : Math.round((low + high) / 2);
};
