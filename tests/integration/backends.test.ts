import { ensureModel } from '../../inference/models/ensure-model.js';
import { sttBackends } from '../../inference/backends/stt/stt-registry.js';
import { ttsBackends } from '../../inference/backends/tts/tts-registry.js';
import { testSTTBackend, testTTSBackend } from '../support/backend-contract.js';
import { testCacheDir } from '../support/inference-endpoint.js';

const filesOf = async (model: string): Promise<Readonly<Record<string, string>>> =>
  (await ensureModel(model, { cacheDir: testCacheDir() })).files;

const VOICE = 'piper-en_US-joe-medium';
const TEXT = 'The river runs past the old stone bridge.';

testTTSBackend({
  definition: ttsBackends.get('piper'),
  model: VOICE,
  files: () => filesOf(VOICE),
  verified: true,
});

testSTTBackend({
  definition: sttBackends.get('whisper-cpp'),
  model: 'whisper-tiny.en',
  files: () => filesOf('whisper-tiny.en'),
  verified: true,
  maxErrorRate: 0.15,
  clip: async () => {
    const voice = ttsBackends.get('piper').create({});
    await voice.load({ model: VOICE, files: await filesOf(VOICE), threads: 1, verified: true });
    const { audio } = await voice.synthesize(TEXT, { sampleRate: 16_000 });
    await voice.unload();
    return { samples: Float32Array.from(audio, (sample) => sample / 32_768), text: TEXT };
  },
});
