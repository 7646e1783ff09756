import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { checkPort } from '../../../../cli/supervisor/check-port.js';
import { findFreePorts } from '../../../../cli/supervisor/find-free-ports.js';
import type { Part } from '../../../../cli/supervisor/part.js';
import { StartError } from '../../../../cli/supervisor/start-error.js';
import { startGuardian } from '../../../../cli/supervisor/start-guardian.js';
import { Supervisor } from '../../../../cli/supervisor/supervisor.js';
import { fakePart, isAlive, RecordingDisplay, shortLimits } from './fake-parts.js';

const host = '127.0.0.1';
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(cleanups.splice(0).map((cleanup) => cleanup()));
});

function supervise(...parts: Part[]): { supervisor: Supervisor; display: RecordingDisplay } {
  const display = new RecordingDisplay();
  const supervisor = new Supervisor(parts, display, startGuardian(), shortLimits);
  cleanups.push(() => supervisor.stop());
  return { supervisor, display };
}

async function freePorts(): Promise<[number, number, number]> {
  const [a = 0, b = 0, c = 0] = await findFreePorts(host, 3);
  return [a, b, c];
}
async function freePort(): Promise<number> {
  return (await freePorts())[0];
}

async function isFree(port: number): Promise<boolean> {
  const claim = { protocol: 'tcp', host, port, remedy: '' } as const;
  return (await checkPort('test', claim)) === undefined;
}

describe('starting', () => {
  it('starts a part only when those it needs are ready, and the others at once', async () => {
    const [a, b, c] = await freePorts();
    const { supervisor, display } = supervise(
      fakePart('server', a, ['slow']),
      fakePart('worker', b, [], { needs: ['server'] }),
      fakePart('page', c),
    );
    await supervisor.start();
    const order = display.news;
    expect(order.indexOf('worker starting')).toBeGreaterThan(order.indexOf('server ready'));
    expect(order.indexOf('page starting')).toBeLessThan(order.indexOf('server ready'));
    expect(order).toContain('worker waiting');
  });

  it('runs a task first and shows what it reports', async () => {
    const { supervisor, display } = supervise(
      { kind: 'task', name: 'models', needs: [], run: () => Promise.resolve('3 models') },
      fakePart('inference', await freePort(), [], { needs: ['models'] }),
    );
    await supervisor.start();
    expect(display.news.indexOf('models ready')).toBeLessThan(
      display.news.indexOf('inference starting'),
    );
  });

  it('ends with the part’s own words when it does not come up', async () => {
    const [port, other] = await freePorts();
    const { supervisor, display } = supervise(
      fakePart('page', port),
      fakePart('inference', other, ['refuse'], { needs: ['page'] }),
    );
    const error = await supervisor.start().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartError);
    expect(String(error)).toContain(
      'inference ended with exit code 3: Error: the model file is broken',
    );
    await supervisor.stop();
    expect(await isFree(port)).toBe(true);
    expect(display.news.at(-1)).toMatch(/stopped$/);
  });

  it('gives up on a part that is not ready in time, and kills it', async () => {
    const { supervisor } = supervise(
      fakePart('worker', await freePort(), ['never-ready', 'ignore-sigterm'], {
        readyWithinMs: 700,
      }),
    );
    await expect(supervisor.start()).rejects.toThrow('worker was not ready within 1 s');
  });

  it('says in words when the program does not exist', async () => {
    const { supervisor } = supervise(
      fakePart('livekit-server', await freePort(), [], {
        command: () => ({ file: '/nowhere/livekit-server', args: [] }),
      }),
    );
    await expect(supervisor.start()).rejects.toThrow(/livekit-server could not be started.*ENOENT/);
  });

  it('starts nothing when a port is in use, names every such port, its holder and the variable', async () => {
    const servers: Server[] = [];
    for (let index = 0; index < 2; index += 1) {
      const server = createServer().listen(0, host);
      await once(server, 'listening');
      servers.push(server);
    }
    const ports = servers.map((server) => (server.address() as { port: number }).port);
    const { supervisor, display } = supervise(
      fakePart('inference', ports[0] ?? 0),
      fakePart('playground', ports[1] ?? 0),
    );
    const error = String(await supervisor.start().catch((reason: unknown) => reason));
    for (const port of ports) {
      expect(error).toMatch(
        new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use by .*\\(process ${process.pid}\\)`),
      );
    }
    expect(error).toContain('set FAKE_PORT to another one');
    expect(display.news).toEqual([]);
    servers.forEach((server) => server.close());
  });
});

it('two parts that were given the same port are named before anything starts', async () => {
  const port = await freePort();
  const { supervisor } = supervise(fakePart('inference', port), fakePart('playground', port));
  await expect(supervisor.start()).rejects.toThrow(
    `inference and playground would both use port ${port}: set FAKE_PORT`,
  );
});

describe('keeping running', () => {
  it('restarts a part that dies, says why, and waits longer each time', async () => {
    const port = await freePort();
    const { supervisor, display } = supervise(fakePart('worker', port));
    await supervisor.start();
    for (let death = 1; death <= 2; death += 1) {
      await fetch(`http://127.0.0.1:${port}/die`).catch(() => undefined);
      await display.until(/^worker ready$/, death + 1);
    }
    expect(display.news.filter((line) => line.includes('restarting'))).toEqual([
      'worker restarting: ended with exit code 7: Error: told to die',
      'worker restarting: ended with exit code 7: Error: told to die',
    ]);
  });

  it('takes what a dead part forked with it, so that its ports and calls are free', async () => {
    const port = await freePort();
    const { supervisor, display } = supervise(fakePart('worker', port, ['fork']));
    await supervisor.start();
    await display.until(/forked/);
    const grandchild = Number(/forked (\d+)/.exec(display.logs.join('\n'))?.[1]);
    expect(isAlive(grandchild)).toBe(true);
    await fetch(`http://127.0.0.1:${port}/die`).catch(() => undefined);
    await display.until(/^worker restarting/);
    expect(isAlive(grandchild)).toBe(false);
  });
});

describe('stopping', () => {
  it('leaves no process and no port, even of parts that ignore SIGTERM', async () => {
    const [a, b] = await freePorts();
    const { supervisor, display } = supervise(
      fakePart('server', a, ['ignore-sigterm']),
      fakePart('worker', b, ['fork', 'ignore-sigterm'], { needs: ['server'] }),
    );
    await supervisor.start();
    await display.until(/forked/);
    const grandchild = Number(/forked (\d+)/.exec(display.logs.join('\n'))?.[1]);
    const startedAt = performance.now();
    await supervisor.stop();
    // The bound for the real limits is 5 s with killAfterMs at 4 s: a second for everything else.
    expect(performance.now() - startedAt).toBeLessThan(shortLimits.killAfterMs + 1_000);
    expect(isAlive(grandchild)).toBe(false);
    expect(await isFree(a)).toBe(true);
    expect(await isFree(b)).toBe(true);
  });

  it('asks a server to end only after its users have ended', async () => {
    const [a, b] = await freePorts();
    const { supervisor, display } = supervise(
      fakePart('server', a),
      fakePart('worker', b, [], { needs: ['server'] }),
    );
    await supervisor.start();
    await supervisor.stop();
    expect(display.news.slice(-2)).toEqual(['worker stopped', 'server stopped']);
  });

  it('stops in the middle of a start', async () => {
    const port = await freePort();
    const { supervisor, display } = supervise(fakePart('worker', port, ['never-ready']));
    const starting = supervisor.start().catch((reason: unknown) => reason);
    await display.until(/^worker starting/);
    await supervisor.stop();
    await starting;
    expect(display.news.some((line) => line.includes('failed'))).toBe(false);
  });

  it('stops a part that is waiting for its restart', async () => {
    const port = await freePort();
    const { supervisor, display } = supervise(fakePart('worker', port));
    await supervisor.start();
    await fetch(`http://127.0.0.1:${port}/die`).catch(() => undefined);
    await display.until(/^worker restarting/);
    await supervisor.stop();
    expect(await isFree(port)).toBe(true);
  });
});
