import { findFreePorts } from './find-free-ports.js';
import type { StartOptions } from './start-options.js';

const LOOPBACK = '127.0.0.1';
/** As many as there are ports in the options. */
const PORT_COUNT = 6;

/** Replaces every port 0 ("any free one") by a free one, so that the parts can be told where the others are. */
export async function settlePorts<Options extends StartOptions>(
  options: Options,
): Promise<Options> {
  const { livekit, inference, worker, playground } = options;
  const free = [...(await findFreePorts(LOOPBACK, PORT_COUNT))];
  const settle = (port: number): number => (port === 0 ? (free.pop() ?? port) : port);
  const port = settle(livekit.port);
  return {
    ...options,
    livekit: {
      ...livekit,
      port,
      url: livekit.isLocal ? `ws://${LOOPBACK}:${port}` : livekit.url,
      tcpPort: settle(livekit.tcpPort),
      udpPort: settle(livekit.udpPort),
    },
    inference: { ...inference, port: settle(inference.port) },
    worker: { ...worker, port: settle(worker.port) },
    playground: { ...playground, port: settle(playground.port) },
  };
}

/** The same ports for the children, which read the environment themselves. */
export function portEnvironment(options: StartOptions): Record<string, string> {
  return {
    LIVEKIT_PORT: String(options.livekit.port),
    LIVEKIT_TCP_PORT: String(options.livekit.tcpPort),
    LIVEKIT_UDP_PORT: String(options.livekit.udpPort),
    INFERENCE_PORT: String(options.inference.port),
    WORKER_PORT: String(options.worker.port),
    PLAYGROUND_PORT: String(options.playground.port),
  };
}
