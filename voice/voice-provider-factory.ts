import { z } from 'zod';
import { ProviderError } from '../providers/provider-error.js';
import { AdapterVoiceProvider, adapterVoiceConfig } from './adapter-voice-provider.js';
import type { VoiceProvider } from './voice-provider.js';

type Make = (config: unknown) => VoiceProvider;

/**
 * Makes voice providers by name, chosen by settings.
 *
 * `adapters` is there from the start: any STT and TTS of the registry,
 * `{ stt: { provider: 'deepgram', apiKey }, tts: { provider: 'jetson' } }`.
 */
export class VoiceProviderFactory {
  static readonly #makers = new Map<string, Make>();

  /** Names that can be created. */
  static get names(): readonly string[] {
    return [...this.#makers.keys()];
  }

  /**
   * Adds a provider.
   *
   * @param name - case does not matter
   * @param config - what its configuration looks like; checked before `create` sees it
   * @throws {ProviderError} `invalid-options` when the name is taken
   */
  static register<Config extends z.ZodType>(
    name: string,
    config: Config,
    create: (config: z.output<Config>) => VoiceProvider,
  ): void {
    const key = name.toLowerCase();
    if (this.#makers.has(key)) {
      throw new ProviderError(
        'invalid-options',
        `A voice provider "${key}" is registered already.`,
      );
    }
    this.#makers.set(key, (given) => {
      const parsed = config.safeParse(given);
      if (parsed.success) return create(parsed.data);
      throw new ProviderError(
        'invalid-options',
        `The voice provider "${key}" cannot be used as configured: ${z.prettifyError(parsed.error)}`,
      );
    });
  }

  /**
   * Makes a provider; it connects to nothing before `connect()`.
   *
   * @throws {ProviderError} `unknown-provider` or `invalid-options`
   */
  static create(name: string, config: unknown): VoiceProvider {
    const make = this.#makers.get(name.toLowerCase());
    if (make !== undefined) return make(config);
    throw new ProviderError(
      'unknown-provider',
      `There is no voice provider "${name}". Choose one of: ${this.names.join(', ')}.`,
    );
  }
}

VoiceProviderFactory.register(
  'adapters',
  adapterVoiceConfig,
  (config) => new AdapterVoiceProvider(config),
);
