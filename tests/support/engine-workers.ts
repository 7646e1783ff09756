import { Worker } from 'node:worker_threads';
import { vi } from 'vitest';
import type { RpcRequest } from '../../inference/worker-rpc/rpc-messages.js';

/** Looks at what the endpoint of this process asks of its engines, and kills them. */
export interface EngineWorkers {
  /** How often a method was called since the watch began. */
  calls(method: string): number;
  /** How many calls were cancelled. */
  cancelled(): number;
  /** Ends the thread that answers `method` as a crash would. @throws when it was never called */
  kill(method: string): Promise<void>;
  stop(): void;
}

/** Watches the messages to every worker thread from now on. */
export const watchEngineWorkers = (): EngineWorkers => {
  const spy = vi.spyOn(Worker.prototype, 'postMessage');
  const requests = (): { worker: Worker; request: RpcRequest }[] =>
    spy.mock.calls.map(([message], i) => ({
      worker: spy.mock.contexts[i] as Worker,
      request: message as RpcRequest,
    }));
  const of = (method: string) =>
    requests().filter(({ request }) => request.kind === 'call' && request.method === method);
  return {
    calls: (method) => of(method).length,
    cancelled: () => requests().filter(({ request }) => request.kind === 'cancel').length,
    kill: async (method) => {
      const worker = of(method).at(-1)?.worker;
      if (worker === undefined) throw new Error(`no worker was asked to ${method}`);
      await worker.terminate();
    },
    stop: () => {
      spy.mockRestore();
    },
  };
};
