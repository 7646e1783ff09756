import { initializeLogger, log } from '@livekit/agents';

/**
 * Gives the framework a logger where nobody did: its classes throw without one, and a provider made outside a
 * worker (a script, a test) has none. A worker that starts later sets its own.
 */
export const ensureFrameworkLogger = (): void => {
  try {
    log();
  } catch {
    initializeLogger({ pretty: false, level: 'warn' });
  }
};
