import { describe, expect, it } from 'vitest';
import type { ASROutput } from '../../../inference/asr/asr-processor.js';
import {
  OnlineASRProcessor,
  type OnlineASRProcessorOptions,
} from '../../../inference/asr/online-asr-processor.js';
import type { TimedWord } from '../../../inference/asr/timed-word.js';
import {
  ScriptedASR,
  inventedSpeech,
  seeded,
  type Mishearing,
} from '../../support/scripted-asr.js';

const CHUNK_MS = 500;

async function listen(
  script: readonly TimedWord[],
  mishearing: Mishearing,
  options: Omit<OnlineASRProcessorOptions<TimedWord[]>, 'asr'> = {},
): Promise<{ outputs: ASROutput[]; text: string; asr: ScriptedASR }> {
  let offset = (): number => 0;
  const asr = new ScriptedASR(script, () => offset(), mishearing);
  const processor = new OnlineASRProcessor({ asr, ...options });
  offset = () => processor.bufferOffsetMs;
  const endMs = (script.at(-1)?.endMs ?? 0) + 300;
  const outputs: ASROutput[] = [];
  const chunk = new Float32Array(CHUNK_MS * 16);
  for (let atMs = 0; atMs < endMs; atMs += CHUNK_MS) {
    processor.insertAudioChunk(chunk);
    const output = await processor.processIter();
    if (output) outputs.push(output);
  }
  const rest = await processor.finish();
  if (rest) outputs.push(rest);
  return { outputs, text: spokenText(outputs), asr };
}

const spokenText = (parts: readonly { readonly text: string }[]): string =>
  parts
    .map(({ text }) => text)
    .join('')
    .toLowerCase()
    .replaceAll(/[^a-z ]/g, '')
    .trim();

describe('OnlineASRProcessor', () => {
  const perfect = { random: seeded(1), jitterMs: 0, cutWords: 0 };

  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'gives every word once and in order, with wrong times and cut words (seed %i)',
    async (seed) => {
      const random = seeded(seed);
      const script = inventedSpeech(160, random);
      const mishearing = { random, jitterMs: 60, cutWords: 0.8 };
      const { text, asr } = await listen(script, mishearing, {
        bufferTrimming: [seed % 2 === 0 ? 'segment' : 'sentence', 8],
      });
      expect(text).toBe(spokenText(script));
      expect(asr.longestBufferMs).toBeLessThan(30_000);
    },
  );

  it('gives times of the stream that only grow', async () => {
    const { outputs } = await listen(inventedSpeech(100, seeded(3)), perfect, {
      bufferTrimming: ['segment', 6],
    });
    expect(outputs.length).toBeGreaterThan(5);
    for (const [i, { startMs, endMs }] of outputs.entries()) {
      expect(endMs).toBeGreaterThan(startMs);
      expect(startMs).toBeGreaterThanOrEqual((outputs[i - 1]?.endMs ?? 0) - 1);
    }
    expect(outputs.at(-1)?.endMs).toBeGreaterThan(30_000);
  });

  it('goes on at the offset it is given', async () => {
    const script = inventedSpeech(10, seeded(4));
    const processor = new OnlineASRProcessor({
      asr: new ScriptedASR(script, () => 0, perfect),
      minChunkS: 0.5,
    });
    processor.init(60_000);
    processor.insertAudioChunk(new Float32Array(16 * 6000));
    await processor.processIter();
    expect((await processor.finish())?.startMs).toBeCloseTo(60_300, 0);
  });

  it('waits for the minimum chunk', async () => {
    const processor = new OnlineASRProcessor({
      asr: new ScriptedASR(inventedSpeech(10, seeded(5)), () => 0, perfect),
      minChunkS: 2,
    });
    processor.insertAudioChunk(new Float32Array(16 * 1900));
    expect(await processor.processIter()).toBeUndefined();
    expect(processor.pending()).toBeUndefined();
    processor.insertAudioChunk(new Float32Array(16 * 200));
    await processor.processIter();
    expect(processor.pending()?.text).toBeDefined();
  });

  it('holds half a minute of audio in a stream of three hours', async () => {
    const random = seeded(6);
    const script = inventedSpeech(300, random);
    const lengthMs = (script.at(-1)?.endMs ?? 0) + 500;
    // The same minutes again and again: what is said at a time follows from the time.
    const hours: TimedWord[] = [];
    for (let startMs = 0; startMs < 3 * 3_600_000; startMs += lengthMs) {
      for (const word of script) {
        hours.push({ ...word, startMs: word.startMs + startMs, endMs: word.endMs + startMs });
      }
    }
    let at = 0;
    let offset = (): number => 0;
    const window = new (class extends ScriptedASR {
      override transcribe(audio: Float32Array<ArrayBuffer>): Promise<TimedWord[]> {
        while ((hours[at]?.endMs ?? Infinity) < offset() - 1000) at += 1;
        const part = new ScriptedASR(hours.slice(at, at + 150), () => offset(), this.mishearing);
        this.longestBufferMs = Math.max(this.longestBufferMs, audio.length / 16);
        return part.transcribe(audio);
      }
    })([], () => offset(), { random, jitterMs: 50, cutWords: 0.5 });
    const processor = new OnlineASRProcessor({ asr: window, minChunkS: 4 });
    offset = () => processor.bufferOffsetMs;
    const chunk = new Float32Array(4000 * 16);
    let words = 0;
    for (let ms = 0; ms < 3 * 3_600_000; ms += 4000) {
      processor.insertAudioChunk(chunk);
      words += (await processor.processIter())?.text.trim().split(' ').length ?? 0;
    }
    words += (await processor.finish())?.text.trim().split(' ').length ?? 0;
    const said = hours.filter(({ startMs }) => startMs < 3 * 3_600_000 - 100).length;
    expect(Math.abs(words - said)).toBeLessThan(said / 1000);
    expect(window.longestBufferMs).toBeLessThan(30_000);
  });
});
