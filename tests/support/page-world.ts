import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { loadConfig } from '../../config/load-config.js';
import { ensureLivekitServer } from '../../livekit/ensure-livekit-server.js';
import type { Offers } from '../../playground/offers.js';
import { buildPlayground } from '../../playground/server.js';
import { freePorts } from './free-ports.js';

const livekitYaml = fileURLToPath(new URL('../../livekit.yaml', import.meta.url));

/** Key and secret of livekit.yaml. */
export const keys = { apiKey: 'devkey', apiSecret: 'earshot-local-development-secret' };

/** Four seconds of a busy machine, many times over. */
const SERVER_WITHIN_MS = 15_000;

/** A real livekit-server and the real page's server, without worker and models. */
export interface PageWorld {
  readonly pageUrl: string;
  readonly livekitUrl: string;
  readonly stop: () => Promise<void>;
}

/** Starts both on free ports. */
export const startPageWorld = async (offers?: Offers): Promise<PageWorld> => {
  const { path } = await ensureLivekitServer({ cacheDir: loadConfig().cacheDir });
  const [port = 0, tcp = 0, udp = 0] = await freePorts(3);
  const flags = ['--port', port, '--rtc.tcp_port', tcp, '--udp-port', udp].map(String);
  const server = execa(path, ['--config', livekitYaml, ...flags], { reject: false });
  const livekitUrl = `ws://127.0.0.1:${port}`;
  const app = await buildPlayground({
    livekit: { url: livekitUrl, isLocal: true, ...keys },
    offers,
    parts: [],
  });
  const deadline = performance.now() + SERVER_WITHIN_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) break;
    if (performance.now() > deadline) throw new Error('livekit-server did not come up');
    await sleep(50);
  }
  return {
    pageUrl: await app.listen({ host: '127.0.0.1', port: 0 }),
    livekitUrl,
    stop: async () => {
      await app.close();
      server.kill('SIGKILL');
      await server;
    },
  };
};
