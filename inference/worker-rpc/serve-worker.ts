import { parentPort, type Transferable } from 'node:worker_threads';
import { InputError } from './input-error.js';
import { PING_METHOD, type RpcReply, type RpcRequest } from './rpc-messages.js';

/** What a method gets besides its argument. */
export interface MethodContext {
  /** Aborts when the caller gave up. */
  readonly signal: AbortSignal;
  /** Sends a part of a streamed result. */
  readonly emit: (value: unknown) => void;
}

/** A method's result with the buffers that are moved to the caller instead of copied. */
export interface Transferred {
  readonly value: unknown;
  readonly transfer: readonly Transferable[];
}

/** A loaded engine as its worker serves it. */
export interface ServedEngine {
  /** Told to the caller with `ready`: sample rate, context size and the like. */
  readonly info: unknown;
  readonly methods: Readonly<
    Record<string, (argument: never, context: MethodContext) => Promise<Transferred> | Transferred>
  >;
  /** Frees native memory; runs before the worker ends. */
  readonly dispose: () => Promise<void> | void;
}

/**
 * The worker's side of the RPC: loads the engine, says `ready`, then answers calls until it is told to close.
 * A failed load is reported and ends the worker with exit code 1.
 *
 * @param load - loads and warms the engine; `ready` is sent when it is done
 */
export async function serveWorker(load: () => Promise<ServedEngine>): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('serveWorker runs inside a worker thread only');
  const post = (reply: RpcReply, transfer: readonly Transferable[] = []): void => {
    port.postMessage(reply, transfer);
  };
  let engine: ServedEngine;
  try {
    engine = await load();
  } catch (error) {
    post({ kind: 'load-failed', message: messageOf(error) });
    process.exitCode = 1;
    return;
  }
  const running = new Map<number, AbortController>();
  const answer = async (id: number, method: string, argument: unknown): Promise<void> => {
    const run = method === PING_METHOD ? pong : engine.methods[method];
    const abort = new AbortController();
    running.set(id, abort);
    try {
      if (run === undefined) throw new Error(`the worker has no method ${method}`);
      const emit = (value: unknown): void => {
        post({ kind: 'item', id, value });
      };
      const result = await run(argument as never, { signal: abort.signal, emit });
      post({ kind: 'result', id, value: result.value }, result.transfer);
    } catch (error) {
      const badInput = error instanceof InputError;
      post({ kind: 'error', id, message: messageOf(error), badInput });
    } finally {
      running.delete(id);
    }
  };
  port.on('message', (request: RpcRequest) => {
    switch (request.kind) {
      case 'call':
        void answer(request.id, request.method, request.argument);
        break;
      case 'cancel':
        running.get(request.id)?.abort();
        break;
      case 'close':
        for (const abort of running.values()) abort.abort();
        void Promise.resolve(engine.dispose()).finally(() => {
          // Ends this thread only. Without it native threads and the loader of the sources keep it for seconds.
          process.exit();
        });
        break;
    }
  });
  post({ kind: 'ready', info: engine.info });
}

function pong(): Transferred {
  return { value: undefined, transfer: [] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
