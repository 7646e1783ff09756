import type { llm, stt, tts } from '@livekit/agents';
import type {
  LLMProviderCapabilities,
  ProviderDefinition,
  ProviderOptions,
  STTProviderCapabilities,
  TTSProviderCapabilities,
} from './provider-definition.js';
import { ProviderError } from './provider-error.js';
import { registry, type ProviderKind } from './registry.js';

/** What a provider of each kind builds and says of itself. */
export interface ProviderKinds {
  stt: { instance: stt.STT; capabilities: STTProviderCapabilities };
  llm: { instance: llm.LLM; capabilities: LLMProviderCapabilities };
  tts: { instance: tts.TTS; capabilities: TTSProviderCapabilities };
}

/** A definition of a kind whose options are not known statically: they were or will be parsed. */
export type AnyProvider<Kind extends ProviderKind> = ProviderDefinition<
  string,
  ProviderOptions,
  ProviderKinds[Kind]['capabilities'],
  ProviderKinds[Kind]['instance']
>;

/**
 * The definition with this id.
 * @throws {ProviderError} `unknown-provider`, listing the ids that exist.
 */
export const findProvider = <Kind extends ProviderKind>(
  kind: Kind,
  id: string,
): AnyProvider<Kind> => {
  const definitions = allProviders(kind);
  const found = definitions.find((definition) => definition.id === id);
  if (found) return found;
  const known = definitions.map((definition) => definition.id).join(', ');
  throw new ProviderError(
    'unknown-provider',
    `There is no ${kind.toUpperCase()} provider "${id}". Choose one of: ${known}.`,
  );
};

/** All definitions of a kind, in the order in which they are documented. */
export const allProviders = <Kind extends ProviderKind>(kind: Kind): AnyProvider<Kind>[] =>
  // The registry's entries differ in their options; whoever calls `create` has parsed them with
  // the same entry's schema, which is the relation the cast leaves to the reader.
  [...registry[kind]];
