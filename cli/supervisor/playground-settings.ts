import { hostname } from 'node:os';
import type { PlaygroundSettings } from '../../playground/listen-playground.js';
import { playgroundOffers } from './playground-offers.js';
import { reachableHost } from './reachable-host.js';
import type { StartOptions } from './start-options.js';

/** What the page's server needs to know of the configuration. */
export function playgroundSettings(options: StartOptions): PlaygroundSettings {
  const { livekit, inference, worker, playground } = options;
  const { url, apiKey, apiSecret, isLocal } = livekit;
  return {
    ...playground,
    logLevel: options.logLevel,
    livekit: { url, apiKey, apiSecret, isLocal },
    agentName: options.agent.name,
    offers: options.offers && playgroundOffers(options.offers, options.agent.mode),
    allowedHosts: [playground.host, hostname(), `${hostname()}.local`],
    // What has to be well before a call would be answered.
    parts: [
      { name: 'livekit-server', url: url.replace(/^ws/, 'http') },
      ...(options.needsLocalInference
        ? [
            {
              name: 'inference',
              url: `http://${reachableHost(inference.host)}:${inference.port}/healthz`,
            },
          ]
        : []),
      { name: 'worker', url: `http://127.0.0.1:${worker.port}/` },
    ],
  };
}
