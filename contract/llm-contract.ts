import { APIError, llm } from '@livekit/agents';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { ruleOf, type ContractOptions } from './contract-options.js';
import { watchSockets } from './nothing-left.js';

/** The rules, by the names that `except` uses. */
export type LLMRule =
  | 'describes-itself'
  | 'answers'
  | 'instructions'
  | 'two-requests'
  | 'tools'
  | 'closes'
  | 'wrong-key';

export interface LLMContractOptions extends ContractOptions<llm.LLM, LLMRule> {
  /** Has the model call functions. Left out: the rule `tools` is not asked. */
  readonly toolCalls?: boolean;
}

/** A local model may have to load, in ms. */
const CONNECT = { maxRetry: 0, retryIntervalMs: 100, timeoutMs: 30_000 };
const REFUSAL_MS = 15_000;

/** The question of the rule `tools`: only the function knows the answer. */
export const TOOL_QUESTION = 'What is the weather in Oslo now? Use the tool.';

const weather = llm.tool({
  name: 'get_weather',
  description: 'Says what the weather is in a city now.',
  parameters: z.object({ city: z.string() }),
  execute: () => Promise.resolve('rain'),
});

/**
 * What an `AgentSession` relies on in an `llm.LLM`, as a vitest suite. Call it at the top of a test file.
 *
 * @example
 * ```ts
 * testLLMContract({ name: 'acme', create: () => new AcmeLLM({ apiKey }), toolCalls: true });
 * ```
 */
export const testLLMContract = (options: LLMContractOptions): void => {
  const { name, create, createWithWrongKey, toolCalls } = options;
  const rule = ruleOf(options);

  const using = async (
    make: () => llm.LLM | Promise<llm.LLM>,
    test: (subject: llm.LLM, failures: LLMFailure[]) => Promise<void>,
  ): Promise<void> => {
    const subject = await make();
    const failures: LLMFailure[] = [];
    subject.on('error', (failure) => failures.push(failure));
    try {
      await test(subject, failures);
    } finally {
      await subject.aclose();
    }
  };
  const conversation = (text: string): llm.ChatContext => {
    const chatCtx = llm.ChatContext.empty();
    chatCtx.addMessage({ role: 'system', content: 'You are a helpful assistant. Be brief.' });
    chatCtx.addMessage({ role: 'user', content: text });
    return chatCtx;
  };
  const ask = (subject: llm.LLM, text: string, extra: object = {}): llm.LLMStream =>
    subject.chat({ chatCtx: conversation(text), connOptions: CONNECT, ...extra });

  describe(`${name} keeps the contract of an LLM`, () => {
    rule('describes-itself', 'it says what it is', () =>
      using(create, (subject) => {
        expect(subject.label()).not.toBe('');
        expect(subject.model).not.toBe('');
        return Promise.resolve();
      }),
    );

    rule('answers', 'a question is answered in pieces of text', () =>
      using(create, async (subject, failures) => {
        const chunks: llm.ChatChunk[] = [];
        for await (const chunk of ask(subject, 'Say hello to me in one sentence.')) {
          chunks.push(chunk);
        }
        const texts = chunks.flatMap(({ delta }) => (delta?.content ? [delta.content] : []));
        expect(texts.join('').trim()).not.toBe('');
        expect(texts.length, 'it comes as it is written').toBeGreaterThan(1);
        for (const { id } of chunks) expect(id).not.toBe('');
        expect(failures).toEqual([]);
      }),
    );

    rule('instructions', 'the conversation goes along: a longer one is no failure', () =>
      using(create, async (subject, failures) => {
        const chatCtx = conversation('Hello.');
        chatCtx.addMessage({ role: 'assistant', content: 'Hello! How can I help?' });
        chatCtx.addMessage({ role: 'user', content: 'What did I say first?' });
        const { text } = await subject.chat({ chatCtx, connOptions: CONNECT }).collect();
        expect(text).not.toBe('');
        expect(failures).toEqual([]);
      }),
    );

    rule('two-requests', 'two questions at once are both answered', () =>
      using(create, async (subject) => {
        const replies = await Promise.all([
          ask(subject, 'Name a colour.').collect(),
          ask(subject, 'Name an animal.').collect(),
        ]);
        for (const { text } of replies) expect(text).not.toBe('');
      }),
    );

    if (toolCalls === true) {
      rule('tools', 'a function is called with its arguments', () =>
        using(create, async (subject) => {
          const { toolCalls: calls } = await ask(subject, TOOL_QUESTION, {
            toolCtx: [weather],
          }).collect();
          expect(calls.map((call) => call.name)).toEqual(['get_weather']);
          expect(calls[0]?.callId).not.toBe('');
          expect(JSON.parse(calls[0]?.args ?? '')).toHaveProperty('city');
        }),
      );
    }

    rule('closes', 'an answer that is given up ends at once and is no failure', async () => {
      const checkSockets = watchSockets();
      await using(create, async (subject, failures) => {
        const stream = ask(subject, 'Count from one to a hundred.');
        await stream.next();
        stream.close();
        for await (const _chunk of stream);
        expect(failures).toEqual([]);
      });
      await checkSockets();
    });

    if (createWithWrongKey === undefined) return;
    rule('wrong-key', 'a wrong key is a clear error that is not repeated', () =>
      using(createWithWrongKey, async (subject, failures) => {
        await ask(subject, 'Hello.').collect();
        const failed = (): LLMFailure | undefined =>
          failures.find(({ error }) => error instanceof APIError && !error.retryable);
        await expect.poll(failed, { timeout: REFUSAL_MS }).toBeDefined();
      }),
    );
  });
};

interface LLMFailure {
  readonly error: Error;
  readonly recoverable: boolean;
}
