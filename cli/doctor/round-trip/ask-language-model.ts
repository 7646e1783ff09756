import { llm } from '@livekit/agents';
import { ProviderFactory } from '../../../providers/provider-factory.js';
import type { LLMConfig } from '../../../providers/registry.js';
import { NonsenseError } from '../nonsense-error.js';
import type { ProviderTrial, RoundTrip } from '../try-provider.js';

const QUESTION = 'What is the capital of France? Answer in one short sentence.';
/** Of the answer in the table. */
const SHOWN_CHARACTERS = 60;

/** One short completion. Latency: to the first word. */
export const askLanguageModel = async (
  { config }: ProviderTrial,
  signal: AbortSignal,
): Promise<RoundTrip> => {
  const model = ProviderFactory.createLLM(config as LLMConfig);
  const failed = new Promise<never>((_resolve, reject) => {
    model.on('error', ({ error }) => {
      reject(error);
    });
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
  const chatCtx = new llm.ChatContext();
  chatCtx.addMessage({ role: 'user', content: QUESTION });
  const startedAt = performance.now();
  const stream = model.chat({
    chatCtx,
    connOptions: { maxRetry: 0, retryIntervalMs: 0, timeoutMs: 9000 },
  });
  const read = async (): Promise<RoundTrip> => {
    let text = '';
    let firstAt = 0;
    for await (const { delta } of stream) {
      if (text === '' && delta?.content) firstAt = performance.now();
      text += delta?.content ?? '';
    }
    if (text.trim() === '')
      throw new NonsenseError('The service answered without a word to a plain question.');
    const shown = text.trim().replace(/\s+/g, ' ').slice(0, SHOWN_CHARACTERS);
    return { detail: `Answered "${shown}".`, latencyMs: firstAt - startedAt };
  };
  try {
    return await Promise.race([read(), failed]);
  } finally {
    stream.close();
    failed.catch(() => undefined);
    await model.aclose();
  }
};
