import { describe, expect, test } from 'vitest';
import { MODELS, UnknownModelError, findModel } from '../../../inference/models/catalogue.js';

describe('the catalogue', () => {
  test('has the four default models', () => {
    expect(MODELS.map(({ id, kind }) => [id, kind])).toEqual([
      ['whisper-tiny.en', 'stt'],
      ['piper-en_US-joe-medium', 'tts'],
      ['smollm2-135m-instruct', 'llm'],
      ['silero-vad', 'vad'],
    ]);
  });

  test('names part ids once, since they name locks and stamps', () => {
    const ids = MODELS.flatMap(({ parts }) => parts.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[\w.-]+$/);
  });

  test.each(MODELS.map((model) => [model.id, model] as const))('%s is complete', (_id, model) => {
    const files = model.parts.flatMap((part) => part.files);
    for (const { sha256, bytes } of files) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(0);
    }
    for (const path of Object.values(model.files)) {
      expect(files.some((file) => file.path === path || file.path.startsWith(`${path}/`))).toBe(
        true,
      );
    }
    for (const source of model.parts.flatMap((part) => part.sources)) {
      if (source.kind === 'registry') {
        expect(source.sha256).toMatch(/^[0-9a-f]{64}$/);
        continue;
      }
      for (const file of source.files) {
        expect(file.url).toMatch(/^https:\/\/(huggingface\.co|raw\.githubusercontent\.com)\//);
        expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(file.citation.length).toBeGreaterThan(20);
      }
    }
  });

  test('tells which ids exist', () => {
    expect(() => findModel('whisper-huge')).toThrow(UnknownModelError);
    expect(() => findModel('whisper-huge')).toThrow(
      'There is no model "whisper-huge". Known: whisper-tiny.en, piper-en_US-joe-medium, smollm2-135m-instruct, silero-vad.',
    );
  });
});
