import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { STTBackend, STTBackendDefinition } from '../../inference/backends/stt/stt-backend.js';
import type { TTSBackend, TTSBackendDefinition } from '../../inference/backends/tts/tts-backend.js';
import { wordErrorRate } from './word-error-rate.js';

/** A backend to be tested, with a model that it can load. */
interface Given {
  readonly model: string;
  readonly files: () => Promise<Readonly<Record<string, string>>>;
  /** The files are known to be good. */
  readonly verified?: boolean;
}

/** What a speech-to-text backend is tested with. */
export interface STTContract extends Given {
  readonly definition: STTBackendDefinition;
  /** Speech at 16 kHz with its text, at most `maxErrorRate` of whose words may be wrong. */
  readonly clip: () => Promise<{
    readonly samples: Float32Array<ArrayBuffer>;
    readonly text: string;
  }>;
  readonly maxErrorRate: number;
}

/** What every speech-to-text backend must do. Call it in a test file of your own with your definition and a model. */
export function testSTTBackend(contract: STTContract): void {
  const { definition, model, verified = false } = contract;
  describe(`the speech-to-text backend ${definition.name}`, () => {
    let backend: STTBackend;
    const load = async (): Promise<void> =>
      backend.load({ model, files: await contract.files(), threads: 1, verified });

    beforeAll(() => {
      backend = definition.create({});
    });
    afterAll(() => backend.unload());

    it('says that it can be used, and has the name that it was registered with', () => {
      expect(definition.missing()).toBeUndefined();
      expect(backend.name).toBe(definition.name);
    });

    it('refuses to transcribe before it is loaded', async () => {
      expect(backend.isLoaded()).toBe(false);
      const silence = new Float32Array(16_000);
      await expect(backend.transcribe(silence, 16_000)).rejects.toThrow('no model loaded');
    });

    it('transcribes speech, with times inside of the clip', async () => {
      await load();
      expect(backend.isLoaded()).toBe(true);
      expect(backend.getLanguages().length).toBeGreaterThan(0);
      const { samples, text } = await contract.clip();
      const durationMs = samples.length / 16;
      const result = await backend.transcribe(samples.slice(), 16_000);
      expect(wordErrorRate(text, result.text)).toBeLessThanOrEqual(contract.maxErrorRate);
      expect(result.durationMs).toBeCloseTo(durationMs, 0);
      expect(result.segments.map((segment) => segment.text).join(' ')).toBe(result.text);
      expect(result.words.length > 0).toBe(backend.capabilities.wordTimes);
      for (const { startMs, endMs } of [...result.segments, ...result.words]) {
        expect(startMs).toBeGreaterThanOrEqual(0);
        expect(endMs).toBeGreaterThanOrEqual(startMs);
        expect(endMs).toBeLessThanOrEqual(durationMs + 1);
      }
    });

    it('has a processor for streams exactly where it says so', async () => {
      if (!backend.capabilities.streaming) {
        expect(backend.createProcessor === undefined || definition.streams !== undefined).toBe(
          true,
        );
        return;
      }
      const processor = backend.createProcessor?.();
      const { samples, text } = await contract.clip();
      processor?.init(0);
      processor?.insertAudioChunk(samples);
      const parts = [await processor?.processIter(), await processor?.finish()];
      await processor?.close?.();
      const heard = parts.map((part) => part?.text ?? '').join(' ');
      expect(wordErrorRate(text, heard)).toBeLessThanOrEqual(contract.maxErrorRate + 0.1);
    });

    it('is free after unload, however often', async () => {
      await backend.unload();
      await backend.unload();
      expect(backend.isLoaded()).toBe(false);
    });
  });
}

/** What a text-to-speech backend is tested with. */
export interface TTSContract extends Given {
  readonly definition: TTSBackendDefinition;
}

const TEXT = 'The first sentence is here. The second one follows it.';

/** What every text-to-speech backend must do. Call it in a test file of your own with your definition and a model. */
export function testTTSBackend(contract: TTSContract): void {
  const { definition, model, verified = false } = contract;
  describe(`the text-to-speech backend ${definition.name}`, () => {
    let backend: TTSBackend;

    beforeAll(() => {
      backend = definition.create({});
    });
    afterAll(() => backend.unload());

    it('says that it can be used, and has the name that it was registered with', () => {
      expect(definition.missing()).toBeUndefined();
      expect(backend.name).toBe(definition.name);
    });

    it('refuses to speak before it is loaded', async () => {
      expect(backend.isLoaded()).toBe(false);
      await expect(backend.synthesize(TEXT)).rejects.toThrow('no model loaded');
    });

    it('speaks audibly with each of its voices, and refuses others', async () => {
      await backend.load({ model, files: await contract.files(), threads: 1, verified });
      const [voice] = backend.getVoices();
      expect(voice?.language).toMatch(/^[a-z]{2}/);
      const result = await backend.synthesize(TEXT, { voice: voice?.id });
      expect(result).toMatchObject({ voice: voice?.id, text: TEXT });
      expect(result.audio.length / result.sampleRate).toBeGreaterThan(1);
      expect(
        result.audio.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
      ).toBeGreaterThan(1000);
      await expect(backend.synthesize(TEXT, { voice: 'nobody at all' })).rejects.toThrow(
        'nobody at all',
      );
    });

    it('keeps to speed and sample rate', async () => {
      const slow = await backend.synthesize(TEXT, { speed: 1, sampleRate: 8000 });
      const fast = await backend.synthesize(TEXT, { speed: 2, sampleRate: 8000 });
      expect(slow.sampleRate).toBe(8000);
      expect(fast.audio.length).toBeLessThan(slow.audio.length * 0.75);
    });

    it('streams sentence by sentence and says which of how many', async () => {
      const parts: [number, number][] = [];
      for await (const { metadata, audio } of backend.stream(TEXT)) {
        expect(audio.length).toBeGreaterThan(0);
        parts.push([metadata.chunkIndex, metadata.totalChunks]);
      }
      expect(parts).toEqual([
        [0, 2],
        [1, 2],
      ]);
    });

    it('is free after unload, however often', async () => {
      await backend.unload();
      await backend.unload();
      expect(backend.isLoaded()).toBe(false);
    });
  });
}
