import { entryCommand } from '../entry-command.js';
import { httpHealth } from '../http-health.js';
import type { ProcessPart } from '../part.js';
import { playgroundSettings } from '../playground-settings.js';
import { reachableHost } from '../reachable-host.js';
import type { StartOptions } from '../start-options.js';

const READY_WITHIN_MS = 60_000;

/** Where a person opens the page. */
export function playgroundUrl({ playground }: StartOptions): string {
  return `http://${reachableHost(playground.host)}:${playground.port}`;
}

/** The page. A process of its own, so that whatever a request does to it leaves the supervisor alone. */
export function playgroundPart(options: StartOptions): ProcessPart {
  const { host, port } = options.playground;
  // Fastify's one line at info is the address, which the supervisor tells already.
  const logLevel = options.logLevel === 'info' ? 'warn' : options.logLevel;
  const settings = { ...playgroundSettings(options), logLevel };
  return {
    kind: 'process',
    name: 'playground',
    needs: [],
    detail: playgroundUrl(options),
    ports: [{ protocol: 'tcp', host, port, remedy: 'set PLAYGROUND_PORT to another port' }],
    command: () => ({
      ...entryCommand('cli/supervisor/playground-process'),
      input: JSON.stringify(settings),
    }),
    // Not /healthz, which waits for all the others.
    health: httpHealth(`${playgroundUrl(options)}/`),
    readyWithinMs: READY_WITHIN_MS,
  };
}
