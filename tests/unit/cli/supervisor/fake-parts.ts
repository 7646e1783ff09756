import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultLimits, type SupervisorLimits } from '../../../../cli/supervisor/limits.js';
import { httpHealth } from '../../../../cli/supervisor/http-health.js';
import type { Display } from '../../../../cli/supervisor/display.js';
import type { PartState, ProcessPart } from '../../../../cli/supervisor/part.js';

const script = fileURLToPath(new URL('fake-part.mjs', import.meta.url));

/** The real ones, shortened where a test would wait for seconds. */
export const shortLimits: SupervisorLimits = {
  ...defaultLimits,
  killAfterMs: 600,
  dependantsEndMs: 200,
  restartFirstMs: 100,
  restartLongestMs: 300,
  healthPauseMs: 20,
};

/** A part that really runs: fake-part.mjs on the port, behaving as told. */
export function fakePart(
  name: string,
  port: number,
  behaviours: readonly string[] = [],
  more: Partial<ProcessPart> = {},
): ProcessPart {
  return {
    kind: 'process',
    name,
    needs: [],
    ports: [{ protocol: 'tcp', host: '127.0.0.1', port, remedy: 'set FAKE_PORT to another one' }],
    command: () => ({ file: process.execPath, args: [script, String(port), ...behaviours] }),
    health: httpHealth(`http://127.0.0.1:${port}/`),
    readyWithinMs: 5_000,
    ...more,
  };
}

/** Notes what it is told. */
export class RecordingDisplay implements Display {
  readonly news: string[] = [];
  readonly logs: string[] = [];
  readonly #waiters = new Set<() => void>();

  readonly state = (part: string, state: PartState): void => {
    const reason = 'reason' in state ? `: ${state.reason}` : '';
    this.news.push(`${part} ${state.kind}${reason}`);
    this.#waiters.forEach((look) => {
      look();
    });
  };
  readonly log: Display['log'] = (part, line) => {
    this.logs.push(`${part} | ${line.text}`);
    this.#waiters.forEach((look) => {
      look();
    });
  };
  readonly settle = (): void => undefined;
  readonly say = (): void => undefined;

  /** Resolves when `count` pieces of news (or log lines) match. The test's own timeout ends a vain wait. */
  async until(pattern: RegExp, count = 1): Promise<void> {
    const found = (): boolean =>
      [...this.news, ...this.logs].filter((line) => pattern.test(line)).length >= count;
    if (found()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!found()) return;
        this.#waiters.delete(look);
        resolve();
      };
      this.#waiters.add(look);
    });
  }
}

/** Whether a process runs. The dead that nobody reaped (a container without init) do not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
