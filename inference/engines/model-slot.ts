import { setTimeout as delay } from 'node:timers/promises';
import { EngineUnavailableError } from '../http/api-error.js';
import type { EngineState } from '../worker-rpc/worker-client.js';
import type { EngineHealth } from './engine-host.js';

/** A model in memory. */
export interface LoadedModel {
  readonly model: string;
  readonly health: EngineHealth;
}

/**
 * Loads a model; called again when it is wanted after it was unloaded.
 *
 * @param signal - aborted when the endpoint shuts down: what was begun is freed then
 * @throws Error that says what is wrong
 */
export type LoadModel<Loaded> = (signal: AbortSignal) => Promise<Loaded>;

/** Use of a model until {@link Lease.release}: the model stays in memory, whatever is loaded meanwhile. */
export interface Lease<Loaded, Description> {
  readonly description: Description;
  /** The model, loaded first where it is not in memory. @throws EngineUnavailableError, or why it cannot be loaded */
  get(): Promise<Loaded>;
  /** Safe to call twice. */
  release(): void;
}

/** A model that can be loaded, and what is known of it before. */
export interface ModelChoice<Loaded, Description> {
  readonly description: Description;
  readonly load: LoadModel<Loaded>;
}

/** Settings of a {@link ModelSlot}. */
export interface ModelSlotOptions {
  /** Name for errors and logs, e.g. `speech-to-text`. */
  readonly name: string;
  readonly onEvent?: ((message: string) => void) | undefined;
  /** A model that nobody used for this long is unloaded; never where it is undefined. */
  readonly idleMs?: number | undefined;
}

/** How often a slot looks whether it is idle, at most, in ms. */
const IDLE_LOOK_MS = 5000;

/**
 * The place of one model that can be exchanged while it is used: whoever holds a lease finishes on the model he began with, the next
 * lease gets the new one, and a model is freed when its last lease is gone. A load that fails leaves everything as it was.
 */
export class ModelSlot<Loaded extends LoadedModel, Description> implements EngineHealth {
  readonly #options: ModelSlotOptions;
  readonly #closing = new AbortController();
  readonly #retiring = new Set<Generation<Loaded, Description>>();
  #current: Generation<Loaded, Description>;
  #lastUseMs = performance.now();

  /** @param first - the model to begin with; loaded by {@link preload}, or when somebody wants it */
  constructor(options: ModelSlotOptions, first: ModelChoice<Loaded, Description>) {
    this.#options = options;
    this.#current = new Generation(first, this.#closing.signal);
    if (options.idleMs !== undefined) void this.#watchIdle(options.idleMs);
  }

  /** Of the model that the next lease gets. */
  get description(): Description {
    return this.#current.description;
  }

  /** The model in memory; undefined while it loads or is unloaded. */
  get loaded(): Loaded | undefined {
    return this.#current.loaded;
  }

  get state(): EngineState {
    if (this.#closing.signal.aborted) return 'closed';
    const { loaded, loading, problem } = this.#current;
    if (loaded !== undefined) return loaded.health.state;
    return loading ? 'loading' : problem === undefined ? 'idle' : 'failed';
  }

  get lastProblem(): string | undefined {
    return this.loaded?.health.lastProblem ?? this.#current.problem;
  }

  /** Models that are still used by those who began with them. */
  get retiring(): number {
    return this.#retiring.size;
  }

  /** Loads the first model. @throws what its `load` throws */
  async preload(): Promise<void> {
    await this.#current.get();
  }

  /** True for an idle slot too: it answers as soon as it is asked. */
  async answers(timeoutMs: number): Promise<boolean> {
    const { state, loaded } = this;
    return state === 'idle' || (loaded !== undefined && (await loaded.health.answers(timeoutMs)));
  }

  /** Puts another model into the slot. @throws what its `load` throws; the model before goes on then */
  async replace(choice: ModelChoice<Loaded, Description>): Promise<void> {
    const next = new Generation(choice, this.#closing.signal);
    await next.get();
    if (this.#closing.signal.aborted) {
      await next.close();
      throw this.#unavailable('the endpoint is shutting down');
    }
    const before = this.#current;
    this.#current = next;
    this.#lastUseMs = performance.now();
    this.#retiring.add(before);
    void before
      .retire()
      .catch((error: unknown) => {
        this.#options.onEvent?.(
          `${this.#options.name}: a model could not be freed: ${String(error)}`,
        );
      })
      .finally(() => this.#retiring.delete(before));
  }

  /** @throws EngineUnavailableError after close */
  lease(): Lease<Loaded, Description> {
    const generation = this.#current;
    if (this.#closing.signal.aborted) throw this.#unavailable('the endpoint is shutting down');
    generation.users += 1;
    let held = true;
    return {
      description: generation.description,
      get: () => {
        this.#lastUseMs = performance.now();
        return generation.get();
      },
      release: () => {
        if (!held) return;
        held = false;
        this.#lastUseMs = performance.now();
        generation.users -= 1;
      },
    };
  }

  /** Does something with the model of this moment. @throws as {@link lease}, and what `work` throws */
  async use<Result>(work: (loaded: Loaded) => Promise<Result>): Promise<Result> {
    const lease = this.lease();
    try {
      return await work(await lease.get());
    } finally {
      lease.release();
    }
  }

  /** Frees the model until it is wanted again. @returns false when it is in use or not in memory */
  async unload(): Promise<boolean> {
    const current = this.#current;
    if (current.loaded === undefined || current.users > 0) return false;
    await current.close();
    return true;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#current, ...this.#retiring].map((generation) => generation.close()));
  }

  async #watchIdle(idleMs: number): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const look = delay(Math.min(idleMs, IDLE_LOOK_MS), undefined, { signal, ref: false });
      await look.catch(() => undefined); // closed: the loop ends
      if (performance.now() - this.#lastUseMs < idleMs || !(await this.unload())) continue;
      this.#options.onEvent?.(`${this.#options.name}: unloaded after ${idleMs} ms without use`);
    }
  }

  #unavailable(reason: string): EngineUnavailableError {
    return new EngineUnavailableError(this.#options.name, reason);
  }
}

/** One model's time in a slot. */
class Generation<Loaded extends LoadedModel, Description> {
  readonly #choice: ModelChoice<Loaded, Description>;
  readonly #signal: AbortSignal;
  #loading: Promise<Loaded> | undefined;
  #loaded: Loaded | undefined;
  #problem: string | undefined;
  #users = 0;
  #unused: (() => void) | undefined;

  constructor(choice: ModelChoice<Loaded, Description>, signal: AbortSignal) {
    this.#choice = choice;
    this.#signal = signal;
  }

  get description(): Description {
    return this.#choice.description;
  }

  get loaded(): Loaded | undefined {
    return this.#loaded;
  }

  get loading(): boolean {
    return this.#loading !== undefined && this.#loaded === undefined;
  }

  /** Why the last load failed. */
  get problem(): string | undefined {
    return this.#problem;
  }

  get users(): number {
    return this.#users;
  }

  set users(count: number) {
    this.#users = count;
    if (count === 0) this.#unused?.();
  }

  get(): Promise<Loaded> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Frees the model when nobody uses it any more. */
  async retire(): Promise<void> {
    if (this.#users > 0) {
      await new Promise<void>((resolve) => {
        this.#unused = resolve;
      });
    }
    await this.close();
  }

  async close(): Promise<void> {
    this.#unused?.();
    const loading = this.#loading;
    this.#loading = undefined;
    this.#loaded = undefined;
    const loaded = await loading?.catch(() => undefined); // a failed load was reported where it was asked for
    await loaded?.health.close();
  }

  async #load(): Promise<Loaded> {
    try {
      const loaded = await this.#choice.load(this.#signal);
      this.#loaded = loaded;
      this.#problem = undefined;
      return loaded;
    } catch (error) {
      this.#loading = undefined; // the next caller tries again
      this.#problem = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }
}
