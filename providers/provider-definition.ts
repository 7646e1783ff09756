import type { llm, stt, tts } from '@livekit/agents';
import type { z } from 'zod';
import type { VoiceList } from '../protocol/voice-list.js';

/** Where one option of a provider comes from when the process is configured by its environment. */
export interface EnvVariable {
  /** Names in order of preference; the first one that is set is used. */
  readonly names: readonly [string, ...string[]];
  /** One sentence for `.env.example` and the documentation. */
  readonly description: string;
  /** A secret's value is never printed, logged or shown. */
  readonly secret?: boolean;
  /** Shown in `.env.example` when the option has no default. */
  readonly example?: string;
  /** Used when none of the names is set: a value worked out from other variables. */
  readonly derive?: (env: Readonly<Record<string, string | undefined>>) => string | undefined;
}

/** What a provider's options look like: a strict zod object, so that a misspelt option is an error. */
export type ProviderOptions = z.ZodObject<z.ZodRawShape, z.core.$strict>;

/** One entry of the registry: everything the rest of the system knows about a provider. */
export interface ProviderDefinition<
  Id extends string,
  Options extends ProviderOptions,
  Capabilities,
  Instance,
> {
  /** The value of STT_PROVIDER / LLM_PROVIDER / TTS_PROVIDER and of `config.provider`. */
  readonly id: Id;
  /** How people call it. */
  readonly title: string;
  readonly options: Options;
  readonly env: { readonly [Key in keyof z.infer<Options>]?: EnvVariable };
  readonly capabilities: Capabilities;
  /**
   * Where to ask, before a call, whether the service is there: a URL that answers 2xx when it is.
   * Absent for services that must not be polled.
   */
  readonly healthUrl?: (options: z.infer<Options>) => string;
  /** Speech providers whose voices can be listed: which option names the voice, and where they are listed. */
  readonly voices?: {
    readonly option: string;
    readonly list: (options: z.infer<Options>) => VoiceList;
  };
  /** Builds the framework's object; must not open a connection. */
  readonly create: (options: z.infer<Options>) => Instance;
}

/** What shared code may ask about a provider, instead of its name. */
export interface CommonCapabilities {
  /** Served by this project's own endpoint, which `npm start` brings up when no address is given. */
  readonly usesLocalEndpoint: boolean;
}

export interface STTProviderCapabilities extends CommonCapabilities {
  /** Text while the person speaks; otherwise one transcript an utterance. */
  readonly interimResults: boolean;
  /** Audio is streamed as it is spoken; otherwise each utterance is sent when it ended. */
  readonly streaming: boolean;
}

export interface LLMProviderCapabilities extends CommonCapabilities {
  /** The model can call functions: the example tools are offered to it. */
  readonly toolCalls: boolean;
}

export interface TTSProviderCapabilities extends CommonCapabilities {
  /** Audio is played as it arrives, not after the whole reply was received. */
  readonly streamingAudio: boolean;
}

export type STTProviderDefinition<
  Id extends string,
  Options extends ProviderOptions,
> = ProviderDefinition<Id, Options, STTProviderCapabilities, stt.STT>;
export type LLMProviderDefinition<
  Id extends string,
  Options extends ProviderOptions,
> = ProviderDefinition<Id, Options, LLMProviderCapabilities, llm.LLM>;
export type TTSProviderDefinition<
  Id extends string,
  Options extends ProviderOptions,
> = ProviderDefinition<Id, Options, TTSProviderCapabilities, tts.TTS>;

/** Declares an STT provider: infers its id and options, so that the config type follows. */
export const defineSTTProvider = <const Id extends string, Options extends ProviderOptions>(
  definition: STTProviderDefinition<Id, Options>,
): STTProviderDefinition<Id, Options> => definition;

/** Declares an LLM provider. */
export const defineLLMProvider = <const Id extends string, Options extends ProviderOptions>(
  definition: LLMProviderDefinition<Id, Options>,
): LLMProviderDefinition<Id, Options> => definition;

/** Declares a TTS provider. */
export const defineTTSProvider = <const Id extends string, Options extends ProviderOptions>(
  definition: TTSProviderDefinition<Id, Options>,
): TTSProviderDefinition<Id, Options> => definition;
