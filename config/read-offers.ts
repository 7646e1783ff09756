import { allProviders } from '../providers/find-provider.js';
import type {
  LLMConfig,
  ProviderConfig,
  ProviderKind,
  STTConfig,
  TTSConfig,
} from '../providers/registry.js';
import type { ConfigProblem } from './config-error.js';
import { readProvider } from './read-provider.js';
import type { Variables } from './read-variables.js';

/** Every provider whose variables are complete; the one that is used when nobody chooses stands first. */
export interface Offers {
  readonly stt: readonly STTConfig[];
  readonly llm: readonly LLMConfig[];
  readonly tts: readonly TTSConfig[];
}

/**
 * Which providers a call may choose among.
 * @param hasEndpoint The inference endpoint is started here or was named: otherwise its providers are not offered.
 */
export const readOffers = (
  chosen: { stt: STTConfig; llm: LLMConfig; tts: TTSConfig },
  variables: Variables,
  hasEndpoint: boolean,
): Offers => ({
  stt: offersOf('stt', chosen.stt, variables, hasEndpoint),
  llm: offersOf('llm', chosen.llm, variables, hasEndpoint),
  tts: offersOf('tts', chosen.tts, variables, hasEndpoint),
});

const offersOf = <Kind extends ProviderKind>(
  kind: Kind,
  chosen: ProviderConfig<Kind>,
  variables: Variables,
  hasEndpoint: boolean,
): ProviderConfig<Kind>[] => {
  const others = allProviders(kind)
    .filter(({ id }) => id !== chosen.provider)
    .filter(({ capabilities }) => hasEndpoint || !capabilities.usesLocalEndpoint)
    .flatMap((definition) => {
      const problems: ConfigProblem[] = [];
      const config = readProvider(kind, definition, variables, problems);
      return problems.length === 0 ? [config] : [];
    });
  return [chosen, ...others];
};
