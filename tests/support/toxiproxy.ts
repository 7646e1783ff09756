import { spawn } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Toxiproxy, type Proxy } from 'toxiproxy-node-client';
import { runCommand } from '../../downloads/run-command.js';
import { freePorts } from './free-ports.js';
import { testCacheDir } from './inference-endpoint.js';

const VERSION = '2.12.0';
/** Building takes half a minute on two cores; the rest is for a slow line. */
const BUILD_MS = 10 * 60_000;
/** The server listens within milliseconds; a busy machine may need longer. */
const READY_MS = 10_000;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Path of a toxiproxy server: the one in the cache, else built with Go, which verifies it against
 * Go's checksum database.
 *
 * @returns undefined where there is no Go, or it cannot build
 */
export const ensureToxiproxy = async (): Promise<string | undefined> => {
  const folder = join(testCacheDir(), 'toxiproxy', VERSION);
  const target = join(folder, 'toxiproxy-server');
  if (await exists(target)) return target;
  const scratch = join(folder, `build-${process.pid}`);
  await mkdir(scratch, { recursive: true });
  try {
    const result = await runCommand(
      ['go', 'install', `github.com/Shopify/toxiproxy/v2/cmd/server@v${VERSION}`],
      { env: { GOBIN: scratch }, timeoutMs: BUILD_MS, signal: new AbortController().signal },
    );
    if (!result.ok) return undefined;
    await rename(join(scratch, 'server'), target);
    return target;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

/** A fault proxy that runs. Proxies to fake services are made with `open`. */
export class FaultProxy {
  private constructor(
    private readonly client: Toxiproxy,
    private readonly stopServer: () => Promise<void>,
  ) {}

  /** @throws {Error} if the server does not come up */
  static async start(path: string): Promise<FaultProxy> {
    const [port] = await freePorts(1);
    const child = spawn(path, ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore' });
    const exited = new Promise<void>((resolve) =>
      child.once('exit', () => {
        resolve();
      }),
    );
    const client = new Toxiproxy(`http://127.0.0.1:${port}`);
    for (let waitedMs = 0; ; waitedMs += 50) {
      try {
        await client.getVersion();
        break;
      } catch (error) {
        if (waitedMs > READY_MS) throw error;
        await delay(50);
      }
    }
    return new FaultProxy(client, async () => {
      child.kill();
      await exited;
    });
  }

  /** A proxy in front of a port of this machine, and the port that it listens on. */
  async open(upstreamPort: number): Promise<{ proxy: Proxy; port: number }> {
    const [port = 0] = await freePorts(1);
    const proxy = await this.client.createProxy({
      name: `to-${upstreamPort}-${port}`,
      listen: `127.0.0.1:${port}`,
      upstream: `127.0.0.1:${upstreamPort}`,
    });
    return { proxy, port };
  }

  async stop(): Promise<void> {
    await this.stopServer();
  }
}
