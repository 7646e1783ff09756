/**
 * The value below which `percent` of the values lie (nearest rank: always one that was measured).
 * @param {readonly number[]} values in any order
 * @param {number} percent 0 to 100
 * @returns {number | undefined} undefined when there is none
 */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

/** What of a turn is summed up, with the words for it. */
export const MEASURES = [
  ['endOfSpeechToFirstAudioMs', 'to the first sound'],
  ['endOfSpeechToFinalMs', 'transcript'],
  ['endOfSpeechToEndOfTurnMs', 'end of turn'],
  ['llmFirstTokenMs', 'first word'],
  ['ttsFirstByteMs', 'voice'],
];

/**
 * Percentiles of a call's turns, one row a measure that was taken at least once.
 * @param {readonly object[]} turns what the agent measured
 * @returns {{name: string, count: number, p50: number, p90: number, max: number}[]} in ms
 */
export function summarise(turns) {
  return MEASURES.flatMap(([key, name]) => {
    const values = turns.map((turn) => turn[key]).filter(Number.isFinite);
    if (values.length === 0) return [];
    return [
      {
        name,
        count: values.length,
        p50: percentile(values, 50),
        p90: percentile(values, 90),
        max: percentile(values, 100),
      },
    ];
  });
}
