import { ConfigError } from '../../config/config-error.js';
import { loadConfig, type AppConfig } from '../../config/load-config.js';
import type { Variables } from '../../config/read-variables.js';
import { checkLiveKit } from './checks/livekit.js';
import { checkMachine } from './checks/machine.js';
import { checkPorts } from './checks/ports.js';
import { checkProviders } from './checks/providers.js';
import { checkStorage } from './checks/storage.js';
import type { DoctorContext, Finding } from './finding.js';
import { withLocalEndpoint } from './local-endpoint.js';
import { secretsOf, withoutSecrets } from './without-secrets.js';

/** What differs between the real doctor and its tests. */
export type ExamineOptions = Pick<DoctorContext, 'now' | 'freeBytes' | 'signal'> & {
  readonly variables: Variables;
};

/** Looks at everything. The findings hold no secret, whatever a service put into its answers. */
export const examine = async (options: ExamineOptions): Promise<readonly Finding[]> => {
  const secrets = secretsOf(options.variables);
  const findings = await look(options);
  return findings.map((finding) => withoutSecrets(finding, secrets));
};

const look = async ({ variables, ...rest }: ExamineOptions): Promise<readonly Finding[]> => {
  let config: AppConfig;
  try {
    config = loadConfig({ env: variables, envFile: null });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ where, problem }) => ({
      name: 'configuration',
      status: 'fail',
      detail: `${where} ${problem}`,
      remedy: `Correct ${where}; docs/configuration.md says what it may be.`,
    }));
  }
  const context: DoctorContext = { config, variables, ...rest };
  const about: Finding = { name: 'configuration', status: 'ok', detail: 'Every variable fits.' };
  const [machine, ports, livekit, storage] = await Promise.all([
    checkMachine(context),
    checkPorts(context),
    checkLiveKit(context),
    checkStorage(context),
  ]);
  const tried = await tryAll(context, storage);
  return [about, ...machine, ...ports, ...storage, ...livekit, ...tried];
};

const tryAll = async (
  context: DoctorContext,
  storage: readonly Finding[],
): Promise<readonly Finding[]> => {
  const name = 'inference';
  if (storage.some(({ status, name: what }) => status !== 'ok' && what.startsWith('model'))) {
    return [
      { name, status: 'skip', detail: 'The providers are tried once the models are in place.' },
    ];
  }
  try {
    const { config, note, close } = await withLocalEndpoint(
      context.config,
      context.variables,
      context.signal,
    );
    try {
      const about: Finding[] = note === undefined ? [] : [{ name, status: 'ok', detail: note }];
      return [...about, ...(await checkProviders({ ...context, config }))];
    } finally {
      await close();
    }
  } catch (error) {
    const detail = `The models cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
    return [
      {
        name,
        status: 'fail',
        detail,
        remedy:
          'npm run models -- --verify checks the files; npm run inference shows the whole error.',
      },
    ];
  }
};
