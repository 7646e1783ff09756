import type { AppConfig } from '../config/load-config.js';
import { readCallChoice, type CallChoice } from '../protocol/call-choice.js';
import { findProvider } from '../providers/find-provider.js';
import type { ProviderConfig, ProviderKind, TTSConfig } from '../providers/registry.js';
import { listVoices } from './list-voices.js';

/** What a call runs with. */
export interface CallPlan {
  /** The worker's configuration with the caller's choices in it. */
  readonly config: AppConfig;
  /** Choices that were not followed, each a sentence. */
  readonly refused: readonly string[];
}

/**
 * Puts what the caller chose into the configuration. Only what the worker offers is followed; anything else is
 * refused by name, and the call goes on with what is configured.
 * @param metadata Of the caller, from the token that the page's server signed.
 */
export const chooseForCall = async (config: AppConfig, metadata: string): Promise<CallPlan> => {
  const choice = readCallChoice(metadata);
  if (!choice) return { config, refused: [] };
  const refused: string[] = [];
  const stt = choose('stt', config, choice, refused);
  const llm = choose('llm', config, choice, refused);
  const tts = await chooseVoice(choose('tts', config, choice, refused), choice.voice, refused);
  const mode = chooseMode(config, choice, refused);
  return { config: { ...config, stt, llm, tts, agent: { ...config.agent, mode } }, refused };
};

const choose = <Kind extends ProviderKind>(
  kind: Kind,
  config: AppConfig,
  choice: CallChoice,
  refused: string[],
): ProviderConfig<Kind> => {
  // Offers of a kind hold configs of that kind; indexing by a type parameter loses that relation.
  const [first, ...others] = config.offers[kind] as readonly ProviderConfig<Kind>[];
  const current = config[kind] as ProviderConfig<Kind>;
  const wanted = choice[kind];
  if (wanted === undefined || wanted === current.provider) return current;
  const found = [first, ...others].find((offer) => offer?.provider === wanted);
  if (found) return found;
  const offered = config.offers[kind].map(({ provider }) => provider).join(', ');
  refused.push(`${kind} "${wanted}" is not offered by this worker; it offers ${offered}.`);
  return current;
};

const chooseVoice = async (
  tts: TTSConfig,
  voice: string | undefined,
  refused: string[],
): Promise<TTSConfig> => {
  if (voice === undefined) return tts;
  const definition = findProvider('tts', tts.provider);
  const { provider, ...given } = tts;
  const { voices } = definition;
  const known = voices ? await listVoices(voices.list(definition.options.parse(given))) : [];
  if (!voices || !known.includes(voice)) {
    const allowed = known.length > 0 ? `it has ${known.join(', ')}` : 'its voices cannot be listed';
    refused.push(`voice "${voice}" is not one of ${provider}'s; ${allowed}.`);
    return tts;
  }
  return { ...tts, [voices.option]: voice };
};

const chooseMode = (
  { agent }: AppConfig,
  { mode }: CallChoice,
  refused: string[],
): AppConfig['agent']['mode'] => {
  // A worker for transcription has not checked its LLM and TTS.
  if (mode !== 'conversation' || agent.mode === 'conversation') return mode ?? agent.mode;
  refused.push('mode "conversation" is not offered by this worker: AGENT_MODE is transcription.');
  return agent.mode;
};
