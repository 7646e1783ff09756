import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, describe, expect, it } from 'vitest';
import { findFreePorts } from '../../../../cli/supervisor/find-free-ports.js';
import { isAlive } from './fake-parts.js';

const script = fileURLToPath(new URL('supervisor-process.ts', import.meta.url));
const started: { kill: (signal: 'SIGKILL') => boolean }[] = [];
afterEach(() => {
  started.splice(0).forEach((child) => child.kill('SIGKILL'));
});

/** A supervisor with one part that forks and ignores SIGTERM. */
async function startSupervisor(): Promise<{ pid: number; grandchild: number; port: number }> {
  const [port = 0] = await findFreePorts('127.0.0.1', 1);
  const args = ['--import', 'tsx', script, String(port), 'fork', 'ignore-sigterm'];
  const child = execa(process.execPath, args, { reject: false });
  started.push(child);
  let output = '';
  while (!output.includes('up\n')) {
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    output += chunk.toString();
  }
  return { pid: child.pid ?? 0, grandchild: Number(/forked (\d+)/.exec(output)?.[1]), port };
}

async function untilGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (!isAlive(pid)) return true;
    await sleep(20);
  }
  return false;
}

async function untilRefused(port: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const answered = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (!answered) return true;
    await sleep(20);
  }
  return false;
}

describe('a supervisor that ends without stopping its parts', () => {
  it('leaves nothing when it was killed with SIGKILL: the guardian sees to that', async () => {
    const { pid, grandchild, port } = await startSupervisor();
    expect(isAlive(grandchild)).toBe(true);
    process.kill(pid, 'SIGKILL');
    expect(await untilGone(grandchild, 5_000)).toBe(true);
    expect(await untilRefused(port, 5_000)).toBe(true);
  });

  it('takes everything with it at once when it exits, as on a second Ctrl-C', async () => {
    const { pid, grandchild } = await startSupervisor();
    process.kill(pid, 'SIGTERM');
    expect(await untilGone(grandchild, 1_000)).toBe(true);
  });
});
