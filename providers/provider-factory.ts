import type { llm, stt, tts } from '@livekit/agents';
import { ensureFrameworkLogger } from './ensure-framework-logger.js';
import { findProvider, type ProviderKinds } from './find-provider.js';
import { ProviderError } from './provider-error.js';
import type { LLMConfig, ProviderConfig, ProviderKind, STTConfig, TTSConfig } from './registry.js';

/**
 * Turns a typed configuration into the framework's object: a native plugin or one of our adapters.
 * Nothing connects before the object is used.
 */
export class ProviderFactory {
  /**
   * @param config e.g. `{ provider: 'custom-websocket', wsUrl: 'wss://…', apiKey: '…' }`
   * @throws {ProviderError} for an unknown provider or options that do not fit it.
   */
  static createSTT(config: STTConfig): stt.STT {
    return create('stt', config);
  }

  /**
   * @param config e.g. `{ provider: 'openai', baseUrl: 'http://localhost:11434/v1', model: 'llama3.1' }`
   * @throws {ProviderError} for an unknown provider or options that do not fit it.
   */
  static createLLM(config: LLMConfig): llm.LLM {
    return create('llm', config);
  }

  /**
   * @param config e.g. `{ provider: 'jetson', url: 'http://jetson.local:8800' }`
   * @throws {ProviderError} for an unknown provider or options that do not fit it.
   */
  static createTTS(config: TTSConfig): tts.TTS {
    return create('tts', config);
  }
}

const create = <Kind extends ProviderKind>(
  kind: Kind,
  config: ProviderConfig<Kind>,
): ProviderKinds[Kind]['instance'] => {
  const { provider, ...options } = config;
  const definition = findProvider(kind, provider);
  const parsed = definition.options.safeParse(options);
  if (parsed.success) {
    ensureFrameworkLogger();
    return definition.create(parsed.data);
  }
  const problems = parsed.error.issues.map((issue) =>
    issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message,
  );
  throw new ProviderError(
    'invalid-options',
    `The ${kind.toUpperCase()} provider "${provider}" cannot be used as configured: ${problems.join('; ')}.`,
  );
};
