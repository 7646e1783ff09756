import '../../support/framework-logger.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testTTSContract, type TTSContractOptions } from '../../../contract/tts-contract.js';
import type { RunningInference } from '../../../inference/start-inference.js';
import { allProviders } from '../../../providers/find-provider.js';
import { createProvider } from '../../../providers/create-provider.js';
import type { TTSConfig } from '../../../providers/registry.js';
import { DeepgramSpeak } from '../../support/fakes/deepgram-speak.js';
import { OpenAIApi } from '../../support/fakes/openai-api.js';
import { startTestEndpoint } from '../../support/inference-endpoint.js';

const KEY = 'the-right-key';
let endpoint: RunningInference;
let deepgram: DeepgramSpeak;
let openai: OpenAIApi;

beforeAll(async () => {
  endpoint = await startTestEndpoint({ apiKey: KEY });
  deepgram = await DeepgramSpeak.start({ apiKey: KEY });
  openai = await OpenAIApi.start({ apiKey: KEY });
});
afterAll(async () => {
  await Promise.all([deepgram.stop(), openai.stop()]);
  await endpoint.close();
});

interface Run {
  readonly config: (apiKey: string) => TTSConfig;
  readonly except?: TTSContractOptions['except'];
}

/** A run for each provider of the registry, by its id: the fakes, and the local endpoint as it is. */
const runs: Record<TTSConfig['provider'], Run> = {
  jetson: { config: (apiKey) => ({ provider: 'jetson', url: endpoint.url, apiKey }) },
  'custom-http': {
    config: (apiKey) => ({
      provider: 'custom-http',
      endpointUrl: `${openai.baseUrl}/audio/speech`,
      apiKey,
    }),
  },
  openai: { config: (apiKey) => ({ provider: 'openai', baseUrl: openai.baseUrl, apiKey }) },
  deepgram: {
    config: (apiKey) => ({ provider: 'deepgram', baseUrl: deepgram.baseUrl, apiKey }),
    except: {
      synthesize: 'the plugin always posts to port 443, whatever its address',
      'wrong-key': 'the plugin reports a refused key as no error of the framework’s family',
    },
  },
};

for (const [id, { config, except }] of Object.entries(runs)) {
  testTTSContract({
    name: id,
    create: () => createProvider('tts', config(KEY)),
    createWithWrongKey: () => createProvider('tts', config('a-wrong-key')),
    ...(except === undefined ? {} : { except }),
  });
}

describe('the registry', () => {
  it('has a contract run for each TTS provider', () => {
    expect(Object.keys(runs).sort()).toEqual(
      allProviders('tts')
        .map(({ id }) => id)
        .sort(),
    );
  });
});
