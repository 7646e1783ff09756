import { checkPorts } from './check-ports.js';
import type { Display } from './display.js';
import type { SupervisorLimits } from './limits.js';
import type { Part, TaskPart } from './part.js';
import { ProcessRunner } from './process-runner.js';
import type { Guardian } from './start-guardian.js';

/** Starts parts as soon as those they need are ready, keeps them running, and stops them all. */
export class Supervisor {
  readonly #stopping = new AbortController();
  readonly #runners = new Map<string, ProcessRunner>();
  #stopped: Promise<void> | undefined;

  /** @param parts in the order in which they are shown; a part needs only parts before it. */
  constructor(
    private readonly parts: readonly Part[],
    private readonly display: Display,
    private readonly guardian: Guardian,
    private readonly limits: SupervisorLimits,
  ) {}

  /**
   * Resolves when every part is ready.
   * @throws StartError with the sentence for a person. Call `stop` then, some parts may run.
   */
  async start(): Promise<void> {
    await checkPorts(this.parts);
    const ready = new Map<string, Promise<void>>();
    for (const part of this.parts) {
      const needed = part.needs.map((name) => {
        const need = ready.get(name);
        if (!need) throw new Error(`${part.name} needs ${name}, which does not stand before it`);
        return need;
      });
      if (needed.length > 0) {
        this.display.state(part.name, { kind: 'waiting', forParts: part.needs });
      }
      ready.set(
        part.name,
        Promise.all(needed).then(() => this.#startPart(part)),
      );
    }
    // The first failure ends the start; the others' are consequences and are not told.
    const all = [...ready.values()];
    all.forEach((promise) => {
      promise.catch(() => undefined);
    });
    await Promise.all(all);
  }

  /** `stop` was called. */
  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Stops every part, those that use others first. Nothing is left when it resolves. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #startPart(part: Part): Promise<void> {
    this.#stopping.signal.throwIfAborted();
    try {
      if (part.kind === 'task') {
        await this.#runTask(part);
      } else {
        const runner = new ProcessRunner(part, this.display, this.guardian, this.limits);
        this.#runners.set(part.name, runner);
        await runner.start();
      }
    } catch (error) {
      if (!this.#stopping.signal.aborted) {
        const reason = error instanceof Error ? error.message : String(error);
        this.display.state(part.name, { kind: 'failed', reason });
      }
      throw error;
    }
  }

  async #runTask(part: TaskPart): Promise<void> {
    const startedAt = performance.now();
    this.display.state(part.name, { kind: 'starting' });
    const detail = await part.run({
      signal: this.#stopping.signal,
      report: (text, fraction) => {
        this.display.state(part.name, {
          kind: 'starting',
          detail: text,
          ...(fraction === undefined ? {} : { fraction }),
        });
      },
    });
    this.display.state(part.name, {
      kind: 'ready',
      tookMs: performance.now() - startedAt,
      ...(detail === undefined ? {} : { detail }),
    });
  }

  async #stopAll(): Promise<void> {
    this.#stopping.abort();
    const stopped = new Map<string, Promise<void>>();
    // From the last to the first: a part is asked to end when those that need it have ended, or had their time.
    for (const part of [...this.parts].reverse()) {
      const runner = this.#runners.get(part.name);
      if (!runner) continue;
      const dependants = this.parts
        .filter((other) => other.needs.includes(part.name))
        .flatMap((other) => stopped.get(other.name) ?? []);
      stopped.set(part.name, this.#stopAfter(runner, dependants));
    }
    await Promise.all(stopped.values());
    await this.guardian.close();
  }

  async #stopAfter(runner: ProcessRunner, dependants: readonly Promise<void>[]): Promise<void> {
    const startedAt = performance.now();
    if (dependants.length > 0) {
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, this.limits.dependantsEndMs);
      });
      await Promise.race([Promise.all(dependants), enough]);
      clearTimeout(timer);
    }
    await runner.stop(Math.max(0, this.limits.killAfterMs - (performance.now() - startedAt)));
  }
}
