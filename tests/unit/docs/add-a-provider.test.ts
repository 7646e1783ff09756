import '../../support/framework-logger.js';
import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { loadConfig } from '../../../config/load-config.js';
import { renderEnvExample } from '../../../config/render-env-example.js';
import { VoskSTT } from '../../../examples/vosk-stt.js';
import { createProvider } from '../../../providers/create-provider.js';
import { ProviderFactory } from '../../../providers/provider-factory.js';
import { startVoskServer } from '../../support/fakes/vosk-server.js';
import { indexedFrame } from '../../support/indexed-audio.js';

/** Step 3 of the guide: one more line in the registry. */
vi.mock('../../../providers/registry.js', async (original) => {
  const { registry } = await original<typeof import('../../../providers/registry.js')>();
  const { voskSTT } = await import('../../../examples/vosk-provider.js');
  return { registry: { ...registry, stt: [...registry.stt, voskSTT] } };
});

const read = (path: string): string => readFileSync(path, 'utf8');

it('shows the code that is run', () => {
  const guide = read('docs/add-a-provider.md');
  expect(guide).toContain(read('examples/vosk-provider.ts'));
  expect(guide).toContain(read('tests/unit/docs/vosk-contract.test.ts'));
});

it('can be chosen, configured and used after one line in the registry', async () => {
  const server = await startVoskServer();
  const env = { STT_PROVIDER: 'vosk', VOSK_URL: `ws://127.0.0.1:${server.port}` };
  const { stt } = loadConfig({ env, envFile: null });
  expect(stt).toMatchObject({ provider: 'vosk', wsUrl: env.VOSK_URL });
  const made = ProviderFactory.createSTT(stt);
  const plain = createProvider('stt', stt);
  expect(plain).toBeInstanceOf(VoskSTT);
  await plain.close();
  const event = await made.recognize([1, 2, 3].map(indexedFrame));
  expect(event.alternatives?.[0].text).toBe('1 2 3');
  await made.close();
  await server.stop();
});

it('is documented and checked like the others', () => {
  expect(renderEnvExample()).toContain('#VOSK_URL=ws://127.0.0.1:2700');
  const wrong = { STT_PROVIDER: 'vosk', VOSK_URL: 'http://127.0.0.1' };
  expect(() => loadConfig({ env: wrong, envFile: null })).toThrow(/VOSK_URL.*ws:\/\//s);
  expect(() => loadConfig({ env: { STT_PROVIDER: 'voks' }, envFile: null })).toThrow(/vosk/);
});
