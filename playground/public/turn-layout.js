/** Steps of the axis that are easy to read, in ms. */
const STEPS_MS = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const MOST_TICKS = 5;

/**
 * Where the wait of one turn went, from the end of the caller's speech to the first sound, as pieces that
 * follow each other without a gap.
 *
 * The reply is prepared while the end of the turn is awaited, so what the language model and the voice took may
 * lie under that wait: only what came after it is theirs here.
 * @param {{endOfSpeechToFinalMs?: number, endOfSpeechToEndOfTurnMs?: number, llmFirstTokenMs?: number,
 *   ttsFirstByteMs?: number, endOfSpeechToFirstAudioMs?: number}} turn
 * @returns {{part: string, name: string, fromMs: number, toMs: number}[]} empty pieces are left out
 */
export function layOutTurn(turn) {
  const endMs = turn.endOfSpeechToFirstAudioMs;
  if (!Number.isFinite(endMs) || endMs <= 0) return [];
  const within = (ms, fromMs) => Math.min(endMs, Math.max(fromMs, ms));
  const finalMs = within(turn.endOfSpeechToFinalMs ?? 0, 0);
  const turnMs = within(turn.endOfSpeechToEndOfTurnMs ?? finalMs, finalMs);
  const wordMs = Number.isFinite(turn.ttsFirstByteMs)
    ? within(endMs - turn.ttsFirstByteMs, turnMs)
    : within(turnMs + (turn.llmFirstTokenMs ?? 0), turnMs);
  const voiceName = Number.isFinite(turn.ttsFirstByteMs) ? 'voice' : 'rest';
  return [
    { part: 'heard', name: 'transcript', fromMs: 0, toMs: finalMs },
    { part: 'waited', name: 'end of turn', fromMs: finalMs, toMs: turnMs },
    { part: 'thought', name: 'first word', fromMs: turnMs, toMs: wordMs },
    {
      part: voiceName === 'rest' ? 'rest' : 'voiced',
      name: voiceName,
      fromMs: wordMs,
      toMs: endMs,
    },
  ].filter(({ fromMs, toMs }) => toMs > fromMs);
}

/**
 * One scale for all turns of a call.
 * @param {readonly number[]} totalsMs
 * @returns {{endMs: number, ticksMs: number[]}} the scale ends at a tick, at or beyond the longest turn
 */
export function scaleFor(totalsMs) {
  const longestMs = Math.max(1, ...totalsMs.filter(Number.isFinite));
  const stepMs =
    STEPS_MS.find((step) => longestMs / step <= MOST_TICKS) ??
    Math.ceil(longestMs / MOST_TICKS / 60_000) * 60_000;
  const count = Math.ceil(longestMs / stepMs);
  return {
    endMs: count * stepMs,
    ticksMs: Array.from({ length: count + 1 }, (_, index) => index * stepMs),
  };
}

/** @param {number} ms @returns {string} such as "1.25 s" */
export function inSeconds(ms) {
  return `${(ms / 1000).toFixed(2)} s`;
}
