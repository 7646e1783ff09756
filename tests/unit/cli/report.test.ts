import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../cli/call/converse.js';
import { callReport, renderSummary, renderTurn } from '../../../cli/call/report.js';

const turn = (firstAudioMs: number | undefined): Turn => ({
  file: 'q.wav',
  user: firstAudioMs === undefined ? '' : 'hello',
  agent: firstAudioMs === undefined ? '' : 'hi',
  endOfSpeechToFinalMs: firstAudioMs,
  endOfSpeechToFirstAudioMs: firstAudioMs,
  reply: new Int16Array(0),
});

describe('callReport', () => {
  it('takes the median of the turns that were answered', () => {
    const odd = callReport([turn(300), turn(100), turn(200)], []);
    expect(odd.medianEndOfSpeechToFirstAudioMs).toBe(200);
    const even = callReport([turn(300), turn(100), turn(undefined)], []);
    expect(even.medianEndOfSpeechToFirstAudioMs).toBe(200);
    expect(renderSummary(even)).toBe(
      'median of 3: end of speech → final transcript 200 ms, → first agent audio 200 ms',
    );
  });

  it('has no median of no answers', () => {
    expect(callReport([turn(undefined)], []).medianEndOfSpeechToFinalMs).toBeUndefined();
    expect(renderTurn(turn(undefined), undefined)).toContain('(nothing was understood)');
  });

  it('keeps audio out of the JSON', () => {
    const report = callReport([turn(1)], ['reply.wav']);
    expect(report.turns[0]).not.toHaveProperty('reply');
    expect(report.turns[0]).toMatchObject({ replyFile: 'reply.wav', agent: 'hi' });
  });
});
