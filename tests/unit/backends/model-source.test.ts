import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sttBackends } from '../../../inference/backends/stt/stt-registry.js';
import { makeRoom, MemoryCapError } from '../../../inference/models/memory-budget.js';
import { findModelSource } from '../../../inference/models/model-source.js';
import { temporaryDirectory } from '../../fakes/temporary-directory.js';

let modelsDir: string;
const find = (name: string, backend?: string) =>
  findModelSource(
    name,
    'stt',
    sttBackends,
    { cacheDir: modelsDir, modelsDir, fetching: {} },
    backend,
  );

beforeEach(async () => {
  modelsDir = await temporaryDirectory();
});

describe('a model by its name', () => {
  it('is found in the catalogue', async () => {
    const found = await find('whisper-tiny.en');
    expect(found.definition.name).toBe('whisper-cpp');
    expect(found.verified).toBe(true);
    expect(found.bytes).toBeGreaterThan(70e6);
  });

  it('is found in the models directory, with its size', async () => {
    await mkdir(join(modelsDir, 'mine'));
    await writeFile(join(modelsDir, 'mine', 'ggml-mine.bin'), Buffer.alloc(1000));
    const found = await find('mine');
    expect(found.verified).toBe(false);
    expect(found.bytes).toBe(1000);
    expect(await found.files()).toEqual({ model: join(modelsDir, 'mine', 'ggml-mine.bin') });
    await expect(find('mine', 'sherpa-onnx')).rejects.toThrow('sherpa-onnx: the files of');
  });

  it.each(['..', '.', '.hidden', 'a/b', 'a\\b', '../x', 'C:x', 'http://x', '%2e%2e', ''])(
    'is never a path or an address: %j',
    async (name) => {
      await expect(find(name)).rejects.toThrow('never a path or an address');
    },
  );

  it('says what there is when it is unknown', async () => {
    await mkdir(join(modelsDir, 'mine'));
    await expect(find('other')).rejects.toThrow('The catalogue has whisper-tiny.en');
    await expect(find('other')).rejects.toThrow('the models directory has mine');
  });
});

describe('the memory cap', () => {
  const other = (free: () => void) => ({
    unload: () => {
      free();
      return Promise.resolve(true);
    },
  });

  it('unloads what nobody uses, no more than is needed', async () => {
    let used = 500e6;
    const unloaded: string[] = [];
    const others = [
      other(() => {
        unloaded.push('llm');
        used -= 200e6;
      }),
      other(() => {
        unloaded.push('tts');
      }),
    ];
    await makeRoom(100e6, 500, others, () => used);
    expect(unloaded).toEqual(['llm']);
  });

  it('refuses what does not fit all the same', async () => {
    await expect(makeRoom(100e6, 500, [], () => 490e6)).rejects.toThrow(MemoryCapError);
    await expect(makeRoom(100e6, 500, [], () => 490e6)).rejects.toThrow('INFERENCE_MEMORY_MB');
    await makeRoom(100e9, undefined, []);
  });
});
