import { describe, expect, it } from 'vitest';
import type { ASROutput } from '../../../inference/asr/asr-processor.js';
import { OnlineASRProcessor } from '../../../inference/asr/online-asr-processor.js';
import { GOLDEN_TRACES, GoldenASR, readTrace, traceChunks } from '../../support/golden-passes.js';

const SAID =
  'mr john dashwood had then leisure to consider how much there might be prudently in his power to do for them';
const normal = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, ' ')
    .trim();

const inSeconds = (output: ASROutput | undefined): [number | null, number | null, string] =>
  output === undefined
    ? [null, null, '']
    : [round(output.startMs / 1000), round(output.endMs / 1000), output.text];
const round = (seconds: number): number => Math.round(seconds * 100) / 100;

describe.each(GOLDEN_TRACES)('the trace %s', (name) => {
  const trace = readTrace(name);

  it('is reproduced in reference mode, pass by pass', async () => {
    const asr = new GoldenASR(trace);
    const processor = new OnlineASRProcessor({
      asr,
      mode: 'reference',
      bufferTrimming: ['segment', trace.trimmingS],
      minChunkS: 0,
    });
    const texts: string[] = [];
    for (const [i, chunk] of [...traceChunks(trace)].entries()) {
      const pass = trace.passes[i];
      processor.insertAudioChunk(chunk);
      const emitted = await processor.processIter();
      texts.push(emitted?.text ?? '');
      expect(inSeconds(emitted), `emitted by pass ${i}`).toEqual(pass?.emitted);
      expect(processor.pending()?.text ?? '', `pending after pass ${i}`).toBe(
        pass?.pending.map(([, , text]) => text).join(''),
      );
      expect(round(processor.bufferOffsetMs / 1000), `offset after pass ${i}`).toBe(
        pass?.offsetAfterS,
      );
      expect(asr.prompts[i], `prompt of pass ${i}`).toBe(pass?.prompt);
      expect(asr.bufferS[i], `audio of pass ${i}`).toBeCloseTo(pass?.bufferS ?? NaN, 3);
    }
    const rest = await processor.finish();
    expect(inSeconds(rest)).toEqual(trace.finish);
    expect([...texts, rest?.text ?? ''].join('')).toBe(trace.text);
  });

  it('has no doubled and no dropped word in the default mode', async () => {
    let offset = (): number => 0;
    const asr = new GoldenASR(trace, () => offset());
    const processor = new OnlineASRProcessor({
      asr,
      bufferTrimming: ['segment', trace.trimmingS],
      minChunkS: 0,
    });
    offset = () => processor.bufferOffsetMs;
    let text = '';
    for (const chunk of traceChunks(trace)) {
      processor.insertAudioChunk(chunk);
      text += (await processor.processIter())?.text ?? '';
    }
    text += (await processor.finish())?.text ?? '';
    const said = normal(text);
    expect(said).not.toMatch(/\b(\w+) \1\b/);
    expect(said.startsWith(SAID)).toBe(true);
    expect(said.endsWith(SAID)).toBe(true);
    expect(said).toContain('for them he was not an');
    expect(said).toContain('than he was');
    expect(said).toContain('young man had he married a more amiable woman');
    expect(said).toContain('still more respectable than he was and mr john');
  });
});
