import { ConfigError } from '../config/config-error.js';
import { loadConfig, type AppConfig } from '../config/load-config.js';
import { listenPlayground } from '../playground/listen-playground.js';
import { playgroundSettings } from './supervisor/playground-settings.js';

/** `npm run playground`: the web page alone, for parts that run already. */
const loadOrExit = (): AppConfig => {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
};

await listenPlayground(playgroundSettings(loadOrExit()));
