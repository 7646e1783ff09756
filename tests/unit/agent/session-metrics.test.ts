import { expect, it } from 'vitest';
import { turnMetrics } from '../../../agent/session-metrics.js';

it('joins both sides of a turn in ms', () => {
  expect(
    turnMetrics(
      { transcriptionDelay: 0.4123, endOfTurnDelay: 0.65 },
      { e2eLatency: 1.2, llmNodeTtft: 0.1, ttsNodeTtfb: 0.2 },
    ),
  ).toEqual({
    endOfSpeechToFinalMs: 412,
    endOfSpeechToEndOfTurnMs: 650,
    endOfSpeechToFirstAudioMs: 1200,
    llmFirstTokenMs: 100,
    ttsFirstByteMs: 200,
  });
});

it('leaves out what was not measured', () => {
  expect(turnMetrics({}, {})).toEqual({});
});
