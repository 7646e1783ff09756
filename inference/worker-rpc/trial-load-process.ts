import { text } from 'node:stream/consumers';
import { createWorker } from './create-worker.js';
import type { RpcReply } from './rpc-messages.js';

/** Loads a model as a worker would, and ends: exit code 0 when it could, else 1 with the reason on standard error. */
const { entry, options } = JSON.parse(await text(process.stdin)) as {
  entry: string;
  options: unknown;
};
const worker = createWorker(new URL(entry), options);
const problem = await new Promise<string | undefined>((resolve) => {
  worker.on('message', (reply: RpcReply) => {
    if (reply.kind === 'ready') resolve(undefined);
    if (reply.kind === 'load-failed') resolve(reply.message);
  });
  worker.on('error', (error) => {
    resolve(error instanceof Error ? error.message : String(error));
  });
  worker.on('exit', (code) => {
    resolve(`the worker ended with exit code ${code}`);
  });
});
if (problem !== undefined) console.error(problem);
await worker.terminate();
process.exitCode = problem === undefined ? 0 : 1;
