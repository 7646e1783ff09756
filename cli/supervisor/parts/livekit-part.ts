import { fileURLToPath } from 'node:url';
import { httpHealth } from '../http-health.js';
import type { Part, PartContext, ProcessPart, TaskPart } from '../part.js';
import { StartError } from '../start-error.js';
import type { StartOptions } from '../start-options.js';

const NAME = 'livekit-server';
/** It listens within a second; the rest is for a machine that is busy with the models. */
const READY_WITHIN_MS = 30_000;
/** One question to a server elsewhere. */
const REACHABLE_WITHIN_MS = 10_000;

const configFile = fileURLToPath(new URL('../../../livekit.yaml', import.meta.url));

/** Finds the livekit-server program, or brings it. Returns its path. */
export type FindLivekitServer = (context: PartContext) => Promise<string>;

/** The server of livekit.yaml; with LIVEKIT_URL set only a look whether the one elsewhere answers. */
export function livekitPart(options: StartOptions, findServer: FindLivekitServer): Part {
  return options.livekit.isLocal ? localServer(options, findServer) : remoteServer(options);
}

function localServer({ livekit }: StartOptions, findServer: FindLivekitServer): ProcessPart {
  const claim = { host: '127.0.0.1', remedy: '' };
  const remedy = (variable: string): string => `set ${variable} to another port`;
  return {
    kind: 'process',
    name: NAME,
    needs: [],
    detail: livekit.url,
    ports: [
      { ...claim, protocol: 'tcp', port: livekit.port, remedy: remedy('LIVEKIT_PORT') },
      { ...claim, protocol: 'tcp', port: livekit.tcpPort, remedy: remedy('LIVEKIT_TCP_PORT') },
      { ...claim, protocol: 'udp', port: livekit.udpPort, remedy: remedy('LIVEKIT_UDP_PORT') },
    ],
    command: async (context) => ({
      file: await findServer(context),
      args: [
        ...['--config', configFile],
        ...['--port', String(livekit.port)],
        ...['--rtc.tcp_port', String(livekit.tcpPort)],
        ...['--udp-port', String(livekit.udpPort)],
      ],
      // In the environment and not among the arguments, which every user of the machine can list.
      // JSON is YAML, whatever characters the secret has.
      env: { LIVEKIT_KEYS: JSON.stringify({ [livekit.apiKey]: livekit.apiSecret }) },
    }),
    health: httpHealth(livekit.url.replace(/^ws/, 'http')),
    readyWithinMs: READY_WITHIN_MS,
  };
}

function remoteServer({ livekit }: StartOptions): TaskPart {
  return {
    kind: 'task',
    name: NAME,
    needs: [],
    run: async ({ signal }) => {
      try {
        const timeout = AbortSignal.timeout(REACHABLE_WITHIN_MS);
        // Any answer will do: whether key and secret are right is for the worker to find out.
        const response = await fetch(livekit.url.replace(/^ws/, 'http'), {
          signal: AbortSignal.any([signal, timeout]),
        });
        await response.body?.cancel();
        return livekit.url;
      } catch (error) {
        signal.throwIfAborted();
        throw new StartError(
          `livekit-server: ${livekit.url} does not answer (${reasonOf(error)}). ` +
            'Check LIVEKIT_URL, or unset it to use a local server.',
        );
      }
    },
  };
}

/** fetch says only "fetch failed"; what happened is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${REACHABLE_WITHIN_MS / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error)
    return cause.message || ('code' in cause ? String(cause.code) : cause.name);
  return error.message;
}
