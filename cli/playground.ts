import { hostname } from 'node:os';
import closeWithGrace from 'close-with-grace';
import { ConfigError } from '../config/config-error.js';
import { loadConfig, type AppConfig } from '../config/load-config.js';
import type { PartToCheck } from '../playground/playground-options.js';
import { buildPlayground } from '../playground/server.js';
import { reachableHost } from './supervisor/reachable-host.js';

/** Requests under way get this long when the page's server is asked to end. */
const CLOSE_WITHIN_MS = 2_000;

/** `npm run playground`: the web page to talk to the agent. */
const main = async (): Promise<void> => {
  const config = loadOrExit();
  const { host, port } = config.playground;
  const app = await buildPlayground(
    {
      livekit: config.livekit,
      agentName: config.agent.name,
      parts: partsOfACall(config),
      allowedHosts: [host, hostname(), `${hostname()}.local`],
    },
    { level: config.logLevel },
  );
  closeWithGrace({ delay: CLOSE_WITHIN_MS, logger: false }, async ({ err }) => {
    if (err) app.log.fatal(err, 'the playground failed');
    await app.close();
  });
  try {
    await app.listen({ host, port });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(
      `The playground cannot listen: ${reason}. PLAYGROUND_HOST and PLAYGROUND_PORT say where.`,
    );
    process.exit(1);
  }
};

/** What has to be well before a call would be answered. */
const partsOfACall = (config: AppConfig): readonly PartToCheck[] => [
  { name: 'livekit-server', url: config.livekit.url.replace(/^ws/, 'http') },
  ...(config.needsLocalInference
    ? [
        {
          name: 'inference',
          url: `http://${reachableHost(config.inference.host)}:${config.inference.port}/healthz`,
        },
      ]
    : []),
  { name: 'worker', url: `http://127.0.0.1:${config.worker.port}/` },
];

const loadOrExit = (): AppConfig => {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
};

await main();
