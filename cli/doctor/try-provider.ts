import { request } from 'undici';
import { ERROR_CODES, type AdapterErrorCode } from '../../adapters/error-codes.js';
import type { Variables } from '../../config/read-variables.js';
import { findProvider } from '../../providers/find-provider.js';
import type { ProviderKind } from '../../providers/registry.js';
import { describeConnectionFailure } from './connection-failure.js';
import type { DoctorContext, Finding } from './finding.js';
import { NonsenseError } from './nonsense-error.js';

/** An address that takes longer to say anything at all is not one to hold a conversation with. */
const REACHED_WITHIN_MS = 4000;
/** One sentence, one way; a model that is just loading included. */
const ROUND_TRIP_MS = 9000;

/** One provider to be tried. */
export interface ProviderTrial {
  readonly kind: ProviderKind;
  readonly config: { readonly provider: string };
  readonly work: (signal: AbortSignal, trial: ProviderTrial) => Promise<RoundTrip>;
}

/** What a round trip showed. */
export interface RoundTrip {
  /** Such as: heard "What is the capital of France?". */
  readonly detail: string;
  readonly latencyMs: number;
}

/** Reaches a provider's address, then lets it do its work once; says which of both failed and why. */
export const tryProvider = async (
  trial: ProviderTrial,
  context: DoctorContext,
): Promise<Finding> => {
  const { kind, config, work } = trial;
  const name = `${kind} ${config.provider}`;
  const variable = variableNames(trial, context.variables);
  const address = Object.values(config).find((value) => /^(https?|wss?):\/\//.test(value));
  if (typeof address === 'string') {
    const unreachable = await reach(address, context.signal);
    if (context.signal.aborted) return outOfTime(name);
    if (unreachable !== undefined) {
      return {
        name,
        status: 'fail',
        ...describeConnectionFailure(unreachable, address, variable.address),
      };
    }
  }
  const timeout = AbortSignal.timeout(ROUND_TRIP_MS);
  try {
    const { detail, latencyMs } = await work(AbortSignal.any([context.signal, timeout]), trial);
    return { name, status: 'ok', detail, latencyMs: Math.round(latencyMs) };
  } catch (error) {
    const seconds = ROUND_TRIP_MS / 1000;
    // The doctor's own time is over: that says nothing about this provider.
    if (context.signal.aborted) return outOfTime(name);
    if (timeout.aborted) {
      return {
        name,
        status: 'fail',
        detail: `No answer to one sentence within ${seconds} s.`,
        remedy: `Look at the service's load and log; ${variable.address} says where it is.`,
      };
    }
    return { name, status: 'fail', ...explain(error, variable) };
  }
};

const outOfTime = (name: string): Finding => ({
  name,
  status: 'warn',
  detail: 'Not tried to the end: the time for the whole look was over.',
  remedy: 'Run npm run doctor again when this machine has less to do.',
});

/** Any answer will do, a refusal too. @returns why there was none */
const reach = async (address: string, signal: AbortSignal): Promise<unknown> => {
  try {
    const { body } = await request(address.replace(/^ws/, 'http'), {
      method: 'HEAD',
      signal: AbortSignal.any([signal, AbortSignal.timeout(REACHED_WITHIN_MS)]),
    });
    await body.dump();
    return undefined;
  } catch (error) {
    return error;
  }
};

interface VariableNames {
  readonly key: string;
  readonly address: string;
  /** Those that name models, voices and languages. */
  readonly choices: string;
}

/** The variables to change: those that are set, else the general ones. */
const variableNames = ({ kind, config }: ProviderTrial, variables: Variables): VariableNames => {
  const { env } = findProvider(kind, config.provider);
  const nameOf = (option: string): string | undefined => {
    const names = env[option]?.names;
    return names?.find((name) => variables[name] !== undefined) ?? names?.at(-1);
  };
  const options = Object.keys(env);
  const address = options.find((option) => /url$/i.test(option));
  const own = `${kind.toUpperCase()}_PROVIDER`;
  return {
    key: nameOf('apiKey') ?? own,
    address: (address && nameOf(address)) ?? own,
    choices: ['model', 'voice', 'language'].map(nameOf).filter(Boolean).join(', ') || own,
  };
};

const explain = (error: unknown, variable: VariableNames): { detail: string; remedy: string } => {
  const message = error instanceof Error ? error.message : String(error);
  const code = property(error, 'code');
  const status = property(error, 'statusCode');
  if (code === 'unauthorized' || status === 401 || status === 403 || /\b40[13]\b/.test(message)) {
    return {
      detail: `The service refuses the key: ${message}`,
      remedy: `Put a valid key into ${variable.key}.`,
    };
  }
  if (error instanceof NonsenseError || code === 'bad-response' || code === 'unsupported-audio') {
    return {
      detail: message,
      remedy: `Check that ${variable.address} is the right route of the right service, and ${variable.choices}.`,
    };
  }
  if (code === 'rejected' || status === 404 || status === 400 || status === 422) {
    return { detail: message, remedy: `Check ${variable.choices} and ${variable.address}.` };
  }
  const known = ERROR_CODES[code as AdapterErrorCode] as { fix: string } | undefined;
  return {
    detail: message,
    remedy: `${known ? `Please ${known.fix}` : 'Look at the service’s log'} (${variable.address}).`,
  };
};

const property = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null && name in error
    ? error[name as keyof typeof error]
    : undefined;
