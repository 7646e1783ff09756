import '../../support/framework-logger.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClip } from '../../../contract/spoken-clip.js';
import { testSTTContract } from '../../../contract/stt-contract.js';
import type { RunningInference } from '../../../inference/start-inference.js';
import { allProviders } from '../../../providers/find-provider.js';
import { createProvider } from '../../../providers/create-provider.js';
import type { STTConfig } from '../../../providers/registry.js';
import { AssemblyAIStreaming } from '../../support/fakes/assemblyai-streaming.js';
import { DeepgramLive } from '../../support/fakes/deepgram-live.js';
import { GoogleRecognize } from '../../support/fakes/google-recognize.js';
import { OpenAIApi } from '../../support/fakes/openai-api.js';
import { startTestEndpoint } from '../../support/inference-endpoint.js';

const clip = readClip(
  new URL('../../fixtures/question-capital.wav', import.meta.url),
  'What is the capital of France?',
);
const KEY = 'the-right-key';
const sentences = [clip.text];

let endpoint: RunningInference;
let deepgram: DeepgramLive;
let assemblyai: AssemblyAIStreaming;
let google: GoogleRecognize;
let openai: OpenAIApi;

beforeAll(async () => {
  endpoint = await startTestEndpoint({ apiKey: KEY });
  deepgram = await DeepgramLive.start({ apiKey: KEY, sentences });
  assemblyai = await AssemblyAIStreaming.start({ apiKey: KEY, sentences });
  google = await GoogleRecognize.start({ apiKey: KEY, sentences });
  openai = await OpenAIApi.start({ apiKey: KEY, sentences });
});
afterAll(async () => {
  await Promise.all([deepgram, assemblyai, google, openai].map((fake) => fake.stop()));
  await endpoint.close();
});

interface Run {
  readonly config: (apiKey: string) => STTConfig;
  /** Fakes are as fast as the machine; the endpoint recognises for real. */
  readonly pace: number;
}

/** A run for each provider of the registry, by its id: the fakes, and the local endpoint as it is. */
const runs: Record<STTConfig['provider'], Run> = {
  jetson: {
    config: (apiKey) => ({ provider: 'jetson', url: endpoint.url, apiKey }),
    pace: 1,
  },
  'custom-http': {
    config: (apiKey) => ({
      provider: 'custom-http',
      endpointUrl: `${openai.baseUrl}/audio/transcriptions`,
      apiKey,
    }),
    pace: 4,
  },
  'custom-websocket': {
    config: (apiKey) => ({
      provider: 'custom-websocket',
      protocol: 'deepgram',
      wsUrl: deepgram.url,
      apiKey,
    }),
    pace: 4,
  },
  openai: {
    config: (apiKey) => ({ provider: 'openai', baseUrl: openai.baseUrl, apiKey }),
    pace: 4,
  },
  deepgram: {
    config: (apiKey) => ({ provider: 'deepgram', baseUrl: deepgram.baseUrl, apiKey }),
    pace: 4,
  },
  assemblyai: {
    config: (apiKey) => ({ provider: 'assemblyai', wsUrl: assemblyai.url, apiKey }),
    // Paced by the protocol to 1.2 times real time.
    pace: 1.2,
  },
  google: {
    config: (apiKey) => ({ provider: 'google', endpointUrl: google.url, apiKey }),
    pace: 4,
  },
};

for (const [id, { config, pace }] of Object.entries(runs)) {
  testSTTContract({
    name: id,
    clip,
    pace,
    create: () => createProvider('stt', config(KEY)),
    createWithWrongKey: () => createProvider('stt', config('a-wrong-key')),
  });
}

describe('the registry', () => {
  it('has a contract run for each STT provider', () => {
    expect(Object.keys(runs).sort()).toEqual(
      allProviders('stt')
        .map(({ id }) => id)
        .sort(),
    );
  });
});
