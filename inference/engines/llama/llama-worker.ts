import { workerData } from 'node:worker_threads';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import type { EngineWorkerData } from '../../worker-rpc/create-worker.js';
import {
  serveWorker,
  type MethodContext,
  type ServedEngine,
} from '../../worker-rpc/serve-worker.js';
import { fitTurns } from './fit-turns.js';
import { SequencePool } from './sequence-pool.js';
import { writeReply, type WriteReplyArgument } from './write-reply.js';

/** Settings of the llama.cpp worker. */
export interface LlamaWorkerOptions {
  /** Path of a gguf file. */
  readonly modelPath: string;
  readonly threads: number;
  /** Conversations held at once. */
  readonly sequences: number;
  /** Tokens that one conversation may have, prompt and answer together. */
  readonly contextTokens: number;
}

/** Prompt tokens worked on at once; the buffer for their probabilities is 0.2 MB a token, with 512 it is 100 MB. */
const BATCH_TOKENS = 128;

const { options } = workerData as EngineWorkerData<LlamaWorkerOptions>;

await serveWorker(async (): Promise<ServedEngine> => {
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    logLevel: LlamaLogLevel.error,
    maxThreads: options.threads,
  });
  const model = await llama.loadModel({ modelPath: options.modelPath });
  const contextTokens = Math.min(options.contextTokens, model.trainContextSize);
  const context = await model.createContext({
    sequences: options.sequences,
    contextSize: contextTokens,
    batchSize: BATCH_TOKENS,
    // Half the memory of a conversation; needs flash attention.
    flashAttention: true,
    experimentalKvCacheKeyType: 'Q8_0',
    experimentalKvCacheValueType: 'Q8_0',
    threads: options.threads,
  });
  const pool = new SequencePool(context, options.sequences);

  const generate = async (
    argument: WriteReplyArgument,
    { signal, emit }: Pick<MethodContext, 'signal' | 'emit'>,
  ) => {
    const fitted = fitTurns(argument.turns, {
      contextTokens,
      maxTokens: argument.maxTokens,
      count: (text) => model.tokenize(text).length,
    });
    const slot = pool.take(fitted.turns);
    try {
      const written = await writeReply(slot.chat, { ...argument, ...fitted }, signal, emit);
      slot.remember([...fitted.turns, { role: 'assistant', text: written.text }]);
      return { ...written, droppedTurns: fitted.droppedTurns };
    } finally {
      slot.release();
    }
  };

  // Loads the weights into memory: better before anybody waits.
  await generate(
    { turns: [{ role: 'user', text: 'Hi' }], maxTokens: 1, temperature: 0, stop: [] },
    { signal: new AbortController().signal, emit: () => undefined },
  );
  return {
    info: { contextTokens },
    methods: {
      generate: async (argument: WriteReplyArgument, methodContext: MethodContext) => ({
        value: await generate(argument, methodContext),
        transfer: [],
      }),
    },
    dispose: async () => {
      await llama.dispose();
    },
  };
});
