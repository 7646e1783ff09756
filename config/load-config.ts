import type { CallMode } from '../protocol/call-choice.js';
import { allProviders, findProvider } from '../providers/find-provider.js';
import type {
  LLMConfig,
  ProviderConfig,
  ProviderKind,
  STTConfig,
  TTSConfig,
} from '../providers/registry.js';
import { ConfigError, type ConfigProblem } from './config-error.js';
import { describeIssue } from './describe-issue.js';
import {
  DEVELOPMENT_KEY,
  DEVELOPMENT_SECRET,
  environmentSchema,
  type Environment,
} from './env-schema.js';
import { readOffers, type Offers } from './read-offers.js';
import { defaultProvider, readProvider } from './read-provider.js';
import {
  cacheDirectory,
  readVariables,
  type VariableSources,
  type Variables,
} from './read-variables.js';

/** Everything the parts need to know, checked. Ports are TCP unless said otherwise. */
export interface AppConfig {
  readonly stt: STTConfig;
  readonly llm: LLMConfig;
  readonly tts: TTSConfig;
  /** Who takes over when the provider above fails, in order. */
  readonly fallbacks: {
    readonly stt: readonly STTConfig[];
    readonly llm: readonly LLMConfig[];
    readonly tts: readonly TTSConfig[];
  };
  readonly offers: Offers;
  readonly agent: {
    /** `transcription`: only the STT is used and checked; `llm` and `tts` are the defaults. */
    readonly mode: CallMode;
    readonly instructions: string;
    /** Undefined: the agent waits for the caller to speak. */
    readonly greeting: string | undefined;
    /** Set: explicit dispatch. */
    readonly name: string | undefined;
  };
  readonly livekit: {
    readonly url: string;
    readonly apiKey: string;
    readonly apiSecret: string;
    /** No LIVEKIT_URL was given: the development server on this machine. */
    readonly isLocal: boolean;
    readonly port: number;
    readonly tcpPort: number;
    /** UDP. */
    readonly udpPort: number;
  };
  readonly inference: {
    readonly host: string;
    readonly port: number;
    readonly apiKey: string | undefined;
    /** Ids of the catalogue, for what the endpoint serves. */
    readonly models: { readonly stt: string; readonly tts: string; readonly llm: string };
  };
  /** A chosen provider is served by the local endpoint, so something has to start it. */
  readonly needsLocalInference: boolean;
  readonly worker: { readonly port: number };
  readonly playground: { readonly host: string; readonly port: number };
  /** Absolute path. */
  readonly cacheDir: string;
  readonly logLevel: Environment['LOG_LEVEL'];
}

/**
 * Reads and checks the whole configuration. Variables of the process win over those in the file.
 * @throws {ConfigError} with every problem at once.
 */
export const loadConfig = (options: VariableSources = {}): AppConfig => {
  const variables = readVariables(options);
  const problems: ConfigProblem[] = [];
  const environment = readEnvironment(variables, problems);
  const livekit = readLiveKit(variables, environment, problems);
  const read = <Kind extends ProviderKind>(
    kind: Kind,
    id: string = environment[`${kind.toUpperCase() as Uppercase<Kind>}_PROVIDER`],
  ): ProviderConfig<Kind> | undefined => {
    const definition = allProviders(kind).find((candidate) => candidate.id === id);
    // An unknown id is already among the problems.
    return definition && readProvider(kind, definition, variables, problems);
  };
  const readFallbacks = <Kind extends ProviderKind>(kind: Kind): ProviderConfig<Kind>[] => {
    const prefix = kind.toUpperCase() as Uppercase<Kind>;
    const list = environment[`${prefix}_FALLBACKS`];
    if (list.includes(environment[`${prefix}_PROVIDER`])) {
      const problem = `lists ${environment[`${prefix}_PROVIDER`]}, which is ${prefix}_PROVIDER itself.`;
      problems.push({ where: `${prefix}_FALLBACKS`, problem });
      return [];
    }
    return list.flatMap((id) => read(kind, id) ?? []);
  };
  const isConversation = environment.AGENT_MODE === 'conversation';
  const stt = read('stt');
  // Nobody uses these two in a transcription, so their keys are not asked for.
  const llm = isConversation ? read('llm') : defaultProvider('llm', variables);
  const tts = isConversation ? read('tts') : defaultProvider('tts', variables);
  const fallbacks = {
    stt: readFallbacks('stt'),
    llm: isConversation ? readFallbacks('llm') : [],
    tts: isConversation ? readFallbacks('tts') : [],
  };
  if (problems.length > 0 || !stt || !llm || !tts) throw new ConfigError(problems);
  const used = {
    stt: [stt, ...fallbacks.stt],
    llm: isConversation ? [llm, ...fallbacks.llm] : [],
    tts: isConversation ? [tts, ...fallbacks.tts] : [],
  };
  const chosen = [
    ...used.stt.map(({ provider }) => findProvider('stt', provider)),
    ...used.llm.map(({ provider }) => findProvider('llm', provider)),
    ...used.tts.map(({ provider }) => findProvider('tts', provider)),
  ];
  const needsLocalInference =
    variables.JETSON_URL === undefined &&
    chosen.some((definition) => definition.capabilities.usesLocalEndpoint);
  const hasEndpoint = needsLocalInference || variables.JETSON_URL !== undefined;
  return {
    stt,
    llm,
    tts,
    fallbacks,
    offers: readOffers({ stt, llm, tts }, variables, hasEndpoint),
    agent: {
      mode: environment.AGENT_MODE,
      instructions: environment.AGENT_INSTRUCTIONS,
      greeting: /^none$/i.test(environment.AGENT_GREETING) ? undefined : environment.AGENT_GREETING,
      name: environment.AGENT_NAME,
    },
    livekit,
    inference: {
      host: environment.INFERENCE_HOST,
      port: environment.INFERENCE_PORT,
      apiKey: environment.INFERENCE_API_KEY,
      models: {
        stt: environment.INFERENCE_STT_MODEL,
        tts: environment.INFERENCE_TTS_MODEL,
        llm: environment.INFERENCE_LLM_MODEL,
      },
    },
    needsLocalInference,
    worker: { port: environment.WORKER_PORT },
    playground: { host: environment.PLAYGROUND_HOST, port: environment.PLAYGROUND_PORT },
    cacheDir: cacheDirectory(variables),
    logLevel: environment.LOG_LEVEL,
  };
};

const readEnvironment = (variables: Variables, problems: ConfigProblem[]): Environment => {
  const parsed = environmentSchema.safeParse(variables);
  if (parsed.success) return parsed.data;
  const wrong = new Set<string>();
  for (const issue of parsed.error.issues) {
    const name = String(issue.path[0]);
    wrong.add(name);
    const schema = environmentSchema.shape[name as keyof Environment];
    problems.push({
      where: name,
      problem: describeIssue(issue, variables[name], schema.meta()?.secret === true),
    });
  }
  // Go on with the defaults of what is wrong, to find the rest of the problems in the same run.
  const rest = Object.entries(variables).filter(([name]) => !wrong.has(name));
  return environmentSchema.parse(Object.fromEntries(rest));
};

const readLiveKit = (
  variables: Variables,
  environment: Environment,
  problems: ConfigProblem[],
): AppConfig['livekit'] => {
  const isLocal = variables.LIVEKIT_URL === undefined;
  if (!isLocal) {
    for (const name of ['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'] as const) {
      if (environment[name] === undefined) {
        problems.push({ where: name, problem: 'is not set. LIVEKIT_URL needs it.' });
      }
    }
  }
  return {
    url: environment.LIVEKIT_URL ?? `ws://127.0.0.1:${environment.LIVEKIT_PORT}`,
    apiKey: environment.LIVEKIT_API_KEY ?? DEVELOPMENT_KEY,
    apiSecret: environment.LIVEKIT_API_SECRET ?? DEVELOPMENT_SECRET,
    isLocal,
    port: environment.LIVEKIT_PORT,
    tcpPort: environment.LIVEKIT_TCP_PORT,
    udpPort: environment.LIVEKIT_UDP_PORT,
  };
};
