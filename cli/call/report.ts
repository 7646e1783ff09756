import type { Turn } from './converse.js';

/** What `--json` prints: one object, durations in ms. */
export interface CallReport {
  readonly turns: (Omit<Turn, 'reply'> & { replyFile: string | undefined })[];
  readonly medianEndOfSpeechToFinalMs: number | undefined;
  readonly medianEndOfSpeechToFirstAudioMs: number | undefined;
}

/** Sums up a call. `replyFiles` stand in the order of the turns. */
export const callReport = (
  turns: readonly Turn[],
  replyFiles: readonly (string | undefined)[],
): CallReport => ({
  turns: turns.map(({ reply: _, ...turn }, index) => ({ ...turn, replyFile: replyFiles[index] })),
  medianEndOfSpeechToFinalMs: median(turns.map((turn) => turn.endOfSpeechToFinalMs)),
  medianEndOfSpeechToFirstAudioMs: median(turns.map((turn) => turn.endOfSpeechToFirstAudioMs)),
});

/** One turn for a person. */
export const renderTurn = (turn: Turn, replyFile: string | undefined): string =>
  [
    turn.file,
    `  you    ${turn.user === '' ? '(nothing was understood)' : turn.user}`,
    `  agent  ${turn.agent === '' ? '(no answer)' : turn.agent}`,
    `  end of speech → final transcript ${inMs(turn.endOfSpeechToFinalMs)}, → first agent audio ${inMs(turn.endOfSpeechToFirstAudioMs)}`,
    ...(replyFile === undefined ? [] : [`  reply in ${replyFile}`]),
  ].join('\n');

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
