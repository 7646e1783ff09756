import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandSTT } from '../../../examples/backends/command-stt.js';
import { morseTTS } from '../../../examples/backends/morse-tts.js';
import { llmBackends, registerLLMBackend } from '../../../inference/backends/llm/llm-registry.js';
import { registerSTTBackend, sttBackends } from '../../../inference/backends/stt/stt-registry.js';
import { registerTTSBackend, ttsBackends } from '../../../inference/backends/tts/tts-registry.js';
import { testSTTBackend, testTTSBackend } from '../../support/backend-contract.js';

const folder = await mkdtemp(join(tmpdir(), 'earshot-program-'));
const program = join(folder, 'program');
// Says how long the WAV file that it got is.
await writeFile(
  program,
  '#!/bin/sh\necho "a clip of $(( ($(wc -c < "$1") - 44) / 32000 )) seconds"\n',
);
await chmod(program, 0o755);
afterAll(() => rm(folder, { recursive: true, force: true }));

testSTTBackend({
  definition: commandSTT,
  model: 'program',
  files: () => Promise.resolve(commandSTT.filesIn(folder, ['program']) ?? {}),
  clip: () =>
    Promise.resolve({ samples: new Float32Array(3 * 16_000), text: 'a clip of 3 seconds' }),
  maxErrorRate: 0,
});
testTTSBackend({ definition: morseTTS, model: 'morse', files: () => Promise.resolve({}) });

describe('a backend of your own', () => {
  it('is known once it is registered', () => {
    registerSTTBackend(commandSTT);
    registerTTSBackend(morseTTS);
    const [llama] = llmBackends.available();
    if (llama) registerLLMBackend({ ...llama, name: 'another-llama' });
    expect(sttBackends.get('command')).toBe(commandSTT);
    expect(ttsBackends.get('morse')).toBe(morseTTS);
    expect(llmBackends.discover().map(({ name }) => name)).toContain('another-llama');
    sttBackends.unregister('command');
    ttsBackends.unregister('morse');
    llmBackends.unregister('another-llama');
  });
});
