import '../config/production-mode.js';
import { cli } from '@livekit/agents';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../config/config-error.js';
import { loadConfig, type AppConfig } from '../config/load-config.js';
import { healthUrls, probe } from './provider-health.js';
import { agent, workerOptions } from './worker.js';

export default agent;

/** The worker's process: `npm run worker -- start`. Processes of calls import this file for its default export. */
const main = async (): Promise<void> => {
  const config = loadOrExit();
  for (const url of healthUrls(
    config,
    config.agent.mode === 'transcription' ? ['stt'] : undefined,
  )) {
    const reason = await probe(url);
    if (reason !== undefined) {
      console.error(
        `${url} is not ready: ${reason}. Calls wait for it; JETSON_URL says where it is looked for.`,
      );
    }
  }
  if (!process.argv.includes('--log-level')) process.argv.push('--log-level', config.logLevel);
  cli.runApp(workerOptions(config, fileURLToPath(import.meta.url)));
};

const loadOrExit = (): AppConfig => {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
