import { entryCommand } from '../entry-command.js';
import { httpHealth } from '../http-health.js';
import type { ProcessPart } from '../part.js';
import { reachableHost } from '../reachable-host.js';
import { portEnvironment } from '../settle-ports.js';
import type { StartOptions } from '../start-options.js';

/** Three engines load their models; on a slow disk and two busy cores this takes most of a minute. */
const READY_WITHIN_MS = 180_000;

/** Speech-to-text, text-to-speech and language model on this machine. */
export function inferencePart(options: StartOptions): ProcessPart {
  const { host, port } = options.inference;
  const url = `http://${reachableHost(host)}:${port}`;
  return {
    kind: 'process',
    name: 'inference',
    needs: ['models'],
    detail: url,
    ports: [{ protocol: 'tcp', host, port, remedy: 'set INFERENCE_PORT to another port' }],
    command: () => ({ ...entryCommand('cli/inference'), env: portEnvironment(options) }),
    health: httpHealth(`${url}/healthz`, loadingEngines),
    readyWithinMs: READY_WITHIN_MS,
  };
}

/** "loading stt, tts" from whatever the answer has for each engine; its exact shape is the endpoint's affair. */
function loadingEngines(body: unknown): string | undefined {
  const engines =
    typeof body === 'object' && body !== null && 'engines' in body ? body.engines : {};
  const waiting = Object.entries(engines as Record<string, unknown>)
    .filter(([, state]) => !/"?(ready|ok)"?/.test(JSON.stringify(state)))
    .map(([name]) => name);
  return waiting.length === 0 ? undefined : `loading ${waiting.join(', ')}`;
}
