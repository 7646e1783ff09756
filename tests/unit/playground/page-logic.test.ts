import { describe, expect, it } from 'vitest';
import { pageModule } from '../../support/page-module.js';

interface Segment {
  speaker: string;
  text: string;
  fromMs: number;
  toMs: number;
  interrupted?: boolean;
}
interface Piece {
  part: string;
  fromMs: number;
  toMs: number;
}
type Write = (segments: Segment[], startedMs: number) => string;

const { percentile, summarise } = await pageModule<{
  percentile: (values: number[], percent: number) => number | undefined;
  summarise: (turns: object[]) => { name: string; count: number; p50: number; max: number }[];
}>('percentiles.js');
const { layOutTurn, scaleFor } = await pageModule<{
  layOutTurn: (turn: object) => Piece[];
  scaleFor: (totals: number[]) => { endMs: number; ticksMs: number[] };
}>('turn-layout.js');
const { toSrt, toVtt, toText, toJson } = await pageModule<{
  toSrt: Write;
  toVtt: Write;
  toText: Write;
  toJson: Write;
}>('transcript-formats.js');
const { TranscriptLog } = await pageModule<{
  TranscriptLog: new (now: () => number) => {
    add: (piece: object) => void;
    markInterrupted: (id: string) => void;
    segments: Segment[];
  };
}>('transcript-log.js');

describe('percentiles', () => {
  it.each([
    [[], 50, undefined],
    [[7], 90, 7],
    [[3, 1, 2], 50, 2],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90, 9],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 100, 10],
    [[5, 4], 0, 4],
  ])('of %j: %i → %s', (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  it('leave out what was never measured', () => {
    const rows = summarise([{ llmFirstTokenMs: 100 }, { llmFirstTokenMs: 300 }, {}]);
    expect(rows).toEqual([{ name: 'first word', count: 2, p50: 100, p90: 300, max: 300 }]);
  });
});

describe('a turn', () => {
  it('is cut into pieces that fill the wait without a gap', () => {
    const pieces = layOutTurn({
      endOfSpeechToFinalMs: 400,
      endOfSpeechToEndOfTurnMs: 650,
      llmFirstTokenMs: 200,
      ttsFirstByteMs: 300,
      endOfSpeechToFirstAudioMs: 1400,
    });
    expect(pieces.map(({ part, fromMs, toMs }) => [part, fromMs, toMs])).toEqual([
      ['heard', 0, 400],
      ['waited', 400, 650],
      ['thought', 650, 1100],
      ['voiced', 1100, 1400],
    ]);
  });

  it('that was prepared ahead is drawn no longer than it was', () => {
    const pieces = layOutTurn({
      endOfSpeechToFinalMs: 400,
      endOfSpeechToEndOfTurnMs: 900,
      llmFirstTokenMs: 300,
      ttsFirstByteMs: 500,
      endOfSpeechToFirstAudioMs: 950,
    });
    expect(pieces.at(-1)).toMatchObject({ part: 'voiced', fromMs: 900, toMs: 950 });
    expect(pieces.some(({ part }) => part === 'thought')).toBe(false);
  });

  it.each([{}, { endOfSpeechToFirstAudioMs: 0 }, { endOfSpeechToFirstAudioMs: -5 }])(
    'without a first sound (%j) is not drawn',
    (turn) => {
      expect(layOutTurn(turn)).toEqual([]);
    },
  );

  it.each([
    [[1430, 980], 1500, 4],
    [[90], 100, 2],
    [[], 100, 2],
    [[47_000], 50_000, 6],
  ])('has a scale with round ticks: %j', (totals, endMs, ticks) => {
    const scale = scaleFor(totals);
    expect(scale.endMs >= Math.max(1, ...totals)).toBe(true);
    expect([scale.endMs, scale.ticksMs.length]).toEqual([endMs, ticks]);
  });
});

describe('files of words', () => {
  const started = Date.UTC(2026, 0, 2, 3, 4, 5);
  const segments: Segment[] = [
    { speaker: 'You', text: 'Two\n\nlines --> here', fromMs: started + 1234, toMs: started + 2500 },
    { speaker: 'A & B', text: 'x < y', fromMs: started + 3_723_004, toMs: started + 3_723_004 },
  ];

  it('srt has numbered cues, never an empty line or an arrow in a text', () => {
    expect(toSrt(segments, started)).toBe(
      '1\n00:00:01,234 --> 00:00:02,500\nYou: Two lines → here\n\n' +
        '2\n01:02:03,004 --> 01:02:03,504\nA & B: x < y\n',
    );
  });

  it('vtt has voice spans with what is special in them escaped', () => {
    expect(toVtt(segments, started)).toBe(
      'WEBVTT\n\n00:00:01.234 --> 00:00:02.500\n<v You>Two lines → here</v>\n\n' +
        '01:02:03.004 --> 01:02:03.504\n<v A &amp; B>x &lt; y</v>\n',
    );
  });

  it('txt has one line a segment', () => {
    const lines = toText(segments, started).split('\n');
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\] You: Two lines → here$/);
    expect(lines).toHaveLength(3);
  });

  it('json keeps texts and absolute times as they are', () => {
    const parsed = JSON.parse(toJson(segments, started)) as {
      startedAt: string;
      segments: object[];
    };
    expect(parsed.startedAt).toBe('2026-01-02T03:04:05.000Z');
    expect(parsed.segments[0]).toEqual({
      speaker: 'You',
      text: 'Two\n\nlines --> here',
      from: '2026-01-02T03:04:06.234Z',
      to: '2026-01-02T03:04:07.500Z',
    });
  });
});

describe('the log of a call', () => {
  it('keeps when words began, takes times that came with them, leaves out what is not final', () => {
    let now = 1000;
    const log = new TranscriptLog(() => now);
    log.add({ id: 'b', name: 'You', text: 'Hel', isFinal: false });
    now = 3000;
    log.add({ id: 'b', name: 'You', text: 'Hello', isFinal: true });
    log.add({ id: 'a', name: 'Bert', text: 'Earlier', isFinal: true, fromMs: 500, toMs: 900 });
    log.add({ id: 'c', name: 'You', text: 'Not yet', isFinal: false });
    log.markInterrupted('b');
    expect(
      log.segments.map(({ speaker, text, fromMs, toMs }) => [speaker, text, fromMs, toMs]),
    ).toEqual([
      ['Bert', 'Earlier', 500, 900],
      ['You', 'Hello', 1000, 3000],
    ]);
    expect(log.segments.map(({ interrupted }) => interrupted)).toEqual([undefined, true]);
  });
});
