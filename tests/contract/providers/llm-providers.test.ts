import '../../support/framework-logger.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testLLMContract } from '../../../contract/llm-contract.js';
import type { RunningInference } from '../../../inference/start-inference.js';
import { allProviders, findProvider } from '../../../providers/find-provider.js';
import { LLMFactory } from '../../../providers/llm-factory.js';
import type { LLMConfig } from '../../../providers/registry.js';
import { OpenAIApi } from '../../support/fakes/openai-api.js';
import { startTestEndpoint } from '../../support/inference-endpoint.js';

const KEY = 'the-right-key';
let endpoint: RunningInference;
let openai: OpenAIApi;

beforeAll(async () => {
  endpoint = await startTestEndpoint({ apiKey: KEY });
  openai = await OpenAIApi.start({
    apiKey: KEY,
    reply: ({ tools }) => {
      const [first] = tools ?? [];
      if (first === undefined) return 'Hello, this is an answer.';
      return { tool: first.function.name, args: { city: 'Oslo' } };
    },
  });
});
afterAll(async () => {
  await openai.stop();
  await endpoint.close();
});

/** A run for each provider of the registry, by its id: the fake, and the local endpoint as it is. */
const runs: Record<LLMConfig['provider'], (apiKey: string) => LLMConfig> = {
  jetson: (apiKey) => ({ provider: 'jetson', url: endpoint.url, apiKey, maxTokens: 40 }),
  openai: (apiKey) => ({ provider: 'openai', baseUrl: openai.baseUrl, apiKey }),
};

for (const [id, config] of Object.entries(runs)) {
  for (const useCache of [false, true]) {
    testLLMContract({
      name: useCache ? `${id} with a cache` : id,
      create: () => LLMFactory.create({ ...config(KEY), useCache }),
      createWithWrongKey: () => LLMFactory.create({ ...config('a-wrong-key'), useCache }),
      toolCalls: findProvider('llm', id).capabilities.toolCalls,
    });
  }
}

describe('the registry', () => {
  it('has a contract run for each LLM provider', () => {
    expect(Object.keys(runs).sort()).toEqual(
      allProviders('llm')
        .map(({ id }) => id)
        .sort(),
    );
  });
});
