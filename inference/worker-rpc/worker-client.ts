import type { Transferable, Worker } from 'node:worker_threads';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineFailedError, EngineUnavailableError, invalidRequest } from '../http/api-error.js';
import { PING_METHOD, type RpcReply, type RpcRequest } from './rpc-messages.js';

/** Waits before restarting a worker that died, in ms; the last one repeats. Short first: most crashes happen once. */
export const RESTART_DELAYS_MS = [200, 1000, 5000, 30_000] as const;

/** A worker that has served this long starts again at the first delay, in ms. */
export const STABLE_AFTER_MS = 60_000;

/** How long a worker may take to free its engine before it is ended, in ms. */
export const WORKER_CLOSE_MS = 2000;

/** State of an engine as /healthz shows it; `idle`: not in memory, loaded when it is wanted. */
export type EngineState = 'loading' | 'ready' | 'idle' | 'restarting' | 'failed' | 'closed';

/** Options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Receives the parts of a streamed result. */
  readonly onItem?: (value: unknown) => void;
  /** Buffers moved to the worker instead of copied. */
  readonly transfer?: readonly Transferable[];
}

/** Settings of a {@link WorkerClient}. */
export interface WorkerClientOptions {
  /** Name for errors and logs, e.g. `speech-to-text`. */
  readonly name: string;
  /** Told about crashes and restarts. */
  readonly onEvent?: ((message: string) => void) | undefined;
}

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onItem: ((value: unknown) => void) | undefined;
}

/**
 * The HTTP thread's side of an engine: calls by id with cancellation and streamed parts. When the worker dies, every call
 * in flight is rejected with {@link EngineFailedError} and a new worker is started with back-off.
 */
export class WorkerClient {
  readonly name: string;
  readonly #options: WorkerClientOptions;
  readonly #pending = new Map<number, PendingCall>();
  readonly #waiters = new Set<(error?: Error) => void>();
  readonly #closing = new AbortController();
  #create: (() => Worker) | undefined;
  #worker: Worker | undefined;
  #state: EngineState = 'loading';
  #info: unknown;
  #nextId = 1;
  #crashes = 0;
  #readyAt = 0;
  #lastProblem: string | undefined;
  #exited: Promise<void> = Promise.resolve();

  constructor(options: WorkerClientOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** What the engine said about itself when it was loaded. */
  get info(): unknown {
    return this.#info;
  }

  /** The last crash or failed load, in words. */
  get lastProblem(): string | undefined {
    return this.#lastProblem;
  }

  /**
   * Starts the worker and resolves once its engine is loaded and warm.
   *
   * @param create - starts the worker; called again after a crash
   * @throws EngineFailedError when it cannot load
   */
  async start(create: () => Worker): Promise<void> {
    this.#create = create;
    this.#spawn();
    await this.whenReady();
  }

  /**
   * Resolves when the engine can be called, at once if it can be now.
   *
   * @param timeoutMs - how long to wait; without it, until the load succeeds or fails
   * @throws EngineUnavailableError when the time is over, the load failed or the engine is closed
   */
  async whenReady(timeoutMs?: number): Promise<void> {
    if (this.#state === 'ready') return;
    if (this.#state === 'closed') throw this.#unavailable();
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error): void => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        if (error) reject(error);
        else resolve();
      };
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              done(this.#unavailable());
            }, timeoutMs);
      this.#waiters.add(done);
    });
  }

  /**
   * Calls a method of the engine.
   *
   * @throws EngineUnavailableError while it loads or restarts, EngineFailedError when it fails or dies, ApiError 400 for bad
   * input, or the signal's reason
   */
  async call(method: string, argument: unknown, options: CallOptions = {}): Promise<unknown> {
    const { signal } = options;
    signal?.throwIfAborted();
    const worker = this.#worker;
    if (this.#state !== 'ready' || worker === undefined) throw this.#unavailable();
    const id = this.#nextId++;
    // The worker answers a cancelled call too: until then the engine is not free for the next one.
    const cancel = (): void => {
      this.#post(worker, { kind: 'cancel', id });
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject, onItem: options.onItem });
        this.#post(worker, { kind: 'call', id, method, argument }, options.transfer);
      });
    } catch (error) {
      signal?.throwIfAborted(); // the worker's own words for it do not matter
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** True when the engine's thread answers within `timeoutMs`. */
  async answers(timeoutMs: number): Promise<boolean> {
    if (this.#state !== 'ready') return false;
    const stop = new AbortController();
    const late = delay(timeoutMs, false, { signal: stop.signal }).catch(() => false);
    const answer = this.call(PING_METHOD, undefined).then(
      () => true,
      () => false,
    );
    const result = await Promise.race([answer, late]);
    stop.abort();
    return result;
  }

  /** Rejects what is in flight, lets the engine free its memory and ends the worker. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#closing.abort();
    this.#failEverything(new EngineUnavailableError(this.name, 'the endpoint is shutting down'));
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#post(worker, { kind: 'close' });
    const stop = new AbortController();
    await Promise.race([
      this.#exited,
      delay(WORKER_CLOSE_MS, undefined, { signal: stop.signal }).catch(() => undefined),
    ]);
    stop.abort();
    await worker.terminate();
  }

  #spawn(): void {
    const worker = this.#create?.();
    if (worker === undefined) return;
    this.#worker = worker;
    worker.on('message', (reply: RpcReply) => {
      this.#onReply(reply);
    });
    worker.on('error', (error: Error) => {
      this.#lastProblem = error.message;
    });
    this.#exited = new Promise((resolve) => {
      worker.once('exit', (code) => {
        resolve();
        this.#onExit(code);
      });
    });
  }

  #onReply(reply: RpcReply): void {
    switch (reply.kind) {
      case 'ready':
        if (this.#state === 'closed') return;
        this.#info = reply.info;
        this.#state = 'ready';
        this.#readyAt = Date.now();
        for (const done of [...this.#waiters]) done();
        return;
      case 'load-failed':
        this.#lastProblem = reply.message;
        return;
      case 'item':
        this.#pending.get(reply.id)?.onItem?.(reply.value);
        return;
      case 'result':
        this.#pending.get(reply.id)?.resolve(reply.value);
        break;
      case 'error':
        this.#pending
          .get(reply.id)
          ?.reject(
            reply.badInput
              ? invalidRequest(reply.message)
              : new EngineFailedError(this.name, reply.message),
          );
        break;
    }
    this.#pending.delete(reply.id);
  }

  #onExit(code: number): void {
    this.#worker = undefined;
    if (this.#state === 'closed') return;
    if (this.#state === 'ready' && Date.now() - this.#readyAt > STABLE_AFTER_MS) this.#crashes = 0;
    const problem = this.#lastProblem ?? `its worker ended with exit code ${code}`;
    this.#state = 'restarting';
    this.#failEverything(new EngineFailedError(this.name, problem));
    const index = Math.min(this.#crashes, RESTART_DELAYS_MS.length - 1);
    const waitMs = RESTART_DELAYS_MS[index] ?? 30_000;
    this.#crashes += 1;
    this.#options.onEvent?.(`${this.name}: ${problem}; starting again in ${waitMs} ms`);
    void delay(waitMs, undefined, { signal: this.#closing.signal }).then(
      () => {
        this.#lastProblem = undefined;
        this.#spawn();
      },
      () => undefined, // closed while waiting: nothing to start
    );
  }

  #failEverything(error: Error): void {
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of calls) call.reject(error);
    for (const done of [...this.#waiters]) done(error);
  }

  #post(worker: Worker, request: RpcRequest, transfer: readonly Transferable[] = []): void {
    worker.postMessage(request, transfer);
  }

  #unavailable(): EngineUnavailableError {
    const reasons = {
      loading: 'it is loading',
      idle: 'it is not loaded',
      failed: `it could not be loaded: ${this.#lastProblem ?? 'unknown'}`,
      restarting: `it is starting again after: ${this.#lastProblem ?? 'a crash'}`,
      closed: 'the endpoint is shutting down',
      ready: 'it did not answer in time',
    };
    return new EngineUnavailableError(this.name, reasons[this.#state]);
  }
}
