import { entryCommand } from '../entry-command.js';
import { httpHealth } from '../http-health.js';
import type { ProcessPart } from '../part.js';
import { portEnvironment } from '../settle-ports.js';
import type { StartOptions } from '../start-options.js';

/** It loads the framework and the end-of-turn model in a process of its own, then registers. */
const READY_WITHIN_MS = 120_000;

/** The LiveKit worker: takes part in every call. */
export function workerPart(options: StartOptions): ProcessPart {
  const { port } = options.worker;
  return {
    kind: 'process',
    name: 'worker',
    // Not the endpoint: the worker comes up without it, and its engines load meanwhile.
    needs: ['livekit-server'],
    ports: [
      { protocol: 'tcp', host: '127.0.0.1', port, remedy: 'set WORKER_PORT to another port' },
    ],
    command: () => ({
      ...entryCommand('agent/main', ['start']),
      env: portEnvironment(options),
    }),
    // 200 only once it is registered with the server.
    health: httpHealth(`http://127.0.0.1:${port}/`),
    readyWithinMs: READY_WITHIN_MS,
  };
}
