import { FallbackLLM } from '../adapters/fallback/fallback-llm.js';
import { FallbackSTT } from '../adapters/fallback/fallback-stt.js';
import { FallbackTTS } from '../adapters/fallback/fallback-tts.js';
import type { ChainMember, ProviderChange } from '../adapters/fallback/provider-chain.js';
import { createProvider } from './create-provider.js';
import { findProvider, type ProviderKinds } from './find-provider.js';
import type { LLMConfig, ProviderConfig, ProviderKind, STTConfig, TTSConfig } from './registry.js';

export interface FallbackOptions<Config> {
  /** Who answers when the provider before it does not, in order. */
  readonly fallbacks?: readonly Config[];
  /** Told when another provider answers than before. */
  readonly onChange?: (change: ProviderChange) => void;
}

/**
 * Turns a typed configuration into the framework's object: a native plugin or one of our adapters,
 * with its fallbacks, wrapped so that no error of it ends a call. Nothing connects before the object
 * is used.
 */
export class ProviderFactory {
  /**
   * @param config e.g. `{ provider: 'custom-websocket', wsUrl: 'wss://…', apiKey: '…' }`
   * @param options fallbacks, and who is told when they answer
   * @throws {ProviderError} for an unknown provider or options that do not fit it.
   */
  static createSTT(config: STTConfig, options: FallbackOptions<STTConfig> = {}): FallbackSTT {
    const { fallbacks = [], onChange } = options;
    return new FallbackSTT({ members: chain('stt', config, fallbacks), onChange });
  }

  /**
   * @param config e.g. `{ provider: 'openai', baseUrl: 'http://localhost:11434/v1', model: 'llama3.1' }`
   * @param options fallbacks, and who is told when they answer
   * @throws {ProviderError} for an unknown provider or options that do not fit it.
   */
  static createLLM(config: LLMConfig, options: FallbackOptions<LLMConfig> = {}): FallbackLLM {
    const { fallbacks = [], onChange } = options;
    return new FallbackLLM({ members: chain('llm', config, fallbacks), onChange });
  }

  /**
   * @param config e.g. `{ provider: 'jetson', url: 'http://jetson.local:8800' }`
   * @param options fallbacks, and who is told when they answer
   * @throws {ProviderError} for an unknown provider or options that do not fit it.
   */
  static createTTS(config: TTSConfig, options: FallbackOptions<TTSConfig> = {}): FallbackTTS {
    const { fallbacks = [], onChange } = options;
    return new FallbackTTS({ members: chain('tts', config, fallbacks), onChange });
  }
}

const chain = <Kind extends ProviderKind>(
  kind: Kind,
  config: ProviderConfig<Kind>,
  fallbacks: readonly ProviderConfig<Kind>[],
): [
  ChainMember<ProviderKinds[Kind]['instance']>,
  ...ChainMember<ProviderKinds[Kind]['instance']>[],
] => {
  const member = (one: ProviderConfig<Kind>): ChainMember<ProviderKinds[Kind]['instance']> => ({
    name: one.provider,
    instance: createProvider(kind, one),
    secrets: secretsOf(kind, one),
  });
  return [member(config), ...fallbacks.map(member)];
};

/** Values that no error may say. */
const secretsOf = <Kind extends ProviderKind>(
  kind: Kind,
  config: ProviderConfig<Kind>,
): readonly string[] => {
  const { env } = findProvider(kind, config.provider);
  return Object.entries(config).flatMap(([option, value]) =>
    env[option]?.secret === true && typeof value === 'string' ? [value] : [],
  );
};
