import type { llm } from '@livekit/agents';
import { CachedLLM, type LLMCacheLimits } from '../adapters/llm/cached-llm.js';
import { createProvider } from './create-provider.js';
import type { LLMConfig } from './registry.js';

/** Options of the factory beside those of the provider. */
export interface LLMFactoryOptions {
  /**
   * Answer a request that was answered before from memory: `true`, or limits of the cache. Default
   * false, because a conversation is meant to go on and not to repeat itself.
   */
  readonly useCache?: boolean | Partial<LLMCacheLimits>;
}

/** Makes language models, with a cache where one is wanted. */
export class LLMFactory {
  /**
   * @param config - e.g. `{ provider: 'openai', apiKey: '…', useCache: true }`
   * @throws {ProviderError} for an unknown provider or options that do not fit it
   */
  static create(config: LLMConfig & LLMFactoryOptions): llm.LLM {
    const { useCache = false, ...provider } = config;
    const made = createProvider('llm', provider);
    if (useCache === false) return made;
    return new CachedLLM(made, useCache === true ? {} : useCache);
  }
}
