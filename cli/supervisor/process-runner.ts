import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type ChildProcess } from './child-process.js';
import type { Display } from './display.js';
import type { SupervisorLimits } from './limits.js';
import type { ProcessPart } from './part.js';
import { RestartPause } from './restart-pause.js';
import { StartError } from './start-error.js';
import type { Guardian } from './start-guardian.js';
import { waitUntilReady } from './wait-until-ready.js';

/** Keeps one child process running: waits for its health, starts it again when it dies. */
export class ProcessRunner {
  readonly #stopping = new AbortController();
  readonly #pause: RestartPause;
  #child: ChildProcess | undefined;
  #keepRunning: Promise<void> = Promise.resolve();

  constructor(
    private readonly part: ProcessPart,
    private readonly display: Display,
    private readonly guardian: Guardian,
    private readonly limits: SupervisorLimits,
  ) {
    this.#pause = new RestartPause(limits);
  }

  /**
   * Resolves when the part is ready for the first time; from then on it is restarted whenever it dies.
   * @throws StartError when it ends, or is not ready in time, before that.
   */
  async start(): Promise<void> {
    const started = await this.#startOnce();
    if ('failure' in started) throw new StartError(`${this.part.name} ${started.failure}`);
    this.#keepRunning = this.#restartForEver(started.ended);
  }

  /** Resolves when the process and all it forked are gone. */
  async stop(killAfterMs: number): Promise<void> {
    this.#stopping.abort();
    const how = await this.#child?.stop(killAfterMs);
    if (how === 'killed') {
      this.display.log(this.part.name, { level: 'warn', text: 'did not end when asked: killed' });
    }
    await this.#keepRunning;
    this.display.state(this.part.name, { kind: 'stopped' });
  }

  /** @returns once ready, or with why it did not come up; nothing of it runs any more then. */
  async #startOnce(): Promise<Pick<ChildProcess, 'ended'> | { readonly failure: string }> {
    const { part, display, limits } = this;
    const { signal } = this.#stopping;
    const startedAt = performance.now();
    const report = (detail: string, fraction?: number): void => {
      display.state(part.name, {
        kind: 'starting',
        detail,
        ...(fraction === undefined ? {} : { fraction }),
      });
    };
    display.state(part.name, { kind: 'starting' });
    const command = await part.command({ report, signal });
    signal.throwIfAborted();
    const child = startChild(command, this.guardian, (line) => {
      // What a part says on its way out is about its peers going too, and would look like trouble.
      if (!signal.aborted) display.log(part.name, line);
    });
    this.#child = child;

    const waiting = new AbortController();
    const outcome = await Promise.race([
      child.ended.then((reason) => ({ ended: reason })),
      waitUntilReady({
        health: part.health,
        readyWithinMs: part.readyWithinMs,
        onDetail: report,
        signal: AbortSignal.any([signal, waiting.signal]),
        limits,
      }),
    ]).finally(() => {
      waiting.abort();
    });
    if (typeof outcome === 'object') return { failure: outcome.ended };
    if (outcome === 'late') {
      await child.stop(limits.killAfterMs);
      return { failure: `was not ready within ${Math.round(part.readyWithinMs / 1000)} s` };
    }
    display.state(part.name, {
      kind: 'ready',
      tookMs: performance.now() - startedAt,
      ...(part.detail === undefined ? {} : { detail: part.detail }),
    });
    return child;
  }

  async #restartForEver(ended: Promise<string>): Promise<void> {
    const { signal } = this.#stopping;
    let readyAt = performance.now();
    let reason = await ended;
    let healthyMs = performance.now() - readyAt;
    while (!this.#isStopping()) {
      const inMs = this.#pause.next(healthyMs);
      this.display.state(this.part.name, { kind: 'restarting', reason, inMs });
      healthyMs = 0;
      try {
        await sleep(inMs, undefined, { signal });
        const started = await this.#startOnce();
        if ('failure' in started) {
          reason = started.failure;
          continue;
        }
        readyAt = performance.now();
        reason = await started.ended;
        healthyMs = performance.now() - readyAt;
      } catch (error) {
        if (this.#isStopping()) return;
        // For example livekit-server's file is gone: told and tried again, as any other death.
        reason = error instanceof Error ? error.message : String(error);
      }
    }
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}
