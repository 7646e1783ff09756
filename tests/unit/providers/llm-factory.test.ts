import '../../support/framework-logger.js';
import { llm } from '@livekit/agents';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CachedLLM } from '../../../adapters/llm/cached-llm.js';
import { LLMFactory, type LLMFactoryOptions } from '../../../providers/llm-factory.js';
import { OpenAIApi, type OpenAIApiOptions } from '../../support/fakes/openai-api.js';

let fake: OpenAIApi | undefined;
afterEach(async () => {
  await fake?.stop();
  fake = undefined;
});

const start = async (
  options: OpenAIApiOptions & { factory?: LLMFactoryOptions } = {},
): Promise<{ model: llm.LLM; fake: OpenAIApi }> => {
  fake = await OpenAIApi.start(options);
  const model = LLMFactory.create({
    provider: 'openai',
    baseUrl: fake.baseUrl,
    apiKey: 'k',
    ...(options.factory ?? { useCache: true }),
  });
  model.on('error', () => undefined);
  return { model, fake };
};
const asking = (text: string): llm.ChatContext => {
  const chatCtx = llm.ChatContext.empty();
  chatCtx.addMessage({ role: 'user', content: text });
  return chatCtx;
};
const connOptions = { maxRetry: 0, retryIntervalMs: 1, timeoutMs: 2000 };
const ask = async (model: llm.LLM, text: string, extra: object = {}): Promise<string> =>
  (await model.chat({ chatCtx: asking(text), connOptions, ...extra }).collect()).text;

describe('LLMFactory', () => {
  it('has no cache unless told so', async () => {
    const { model, fake } = await start({ factory: {} });
    expect(model).not.toBeInstanceOf(CachedLLM);
    await ask(model, 'hello');
    await ask(model, 'hello');
    expect(fake.chats).toHaveLength(2);
  });

  it('answers an equal request from memory, in the same pieces', async () => {
    const { model, fake } = await start({ reply: (_call, n) => `answer number ${n}` });
    const pieces = async (): Promise<(string | undefined)[]> => {
      const found: (string | undefined)[] = [];
      for await (const { delta } of model.chat({ chatCtx: asking('hello'), connOptions })) {
        if (delta?.content) found.push(delta.content);
      }
      return found;
    };
    const first = await pieces();
    expect(first).toEqual(['answer ', 'number ', '0']);
    expect(await pieces()).toEqual(first);
    expect(fake.chats).toHaveLength(1);
    expect(model).toMatchObject({ hits: 1 });
  });

  it('asks anew for whatever differs', async () => {
    const { model, fake } = await start();
    const tool = llm.tool({
      name: 'look_up',
      description: 'Looks something up.',
      parameters: z.object({ what: z.string() }),
      execute: () => Promise.resolve('found'),
    });
    await ask(model, 'hello');
    await ask(model, 'hello there');
    await ask(model, 'hello', { extraKwargs: { seed: 1 } });
    await ask(model, 'hello', { toolCtx: [tool] });
    await ask(model, 'hello', { toolCtx: [tool], toolChoice: 'none' });
    expect(fake.chats).toHaveLength(5);
    await ask(model, 'hello', { extraKwargs: { seed: 1 } });
    await ask(model, 'hello', { toolCtx: [tool] });
    expect(fake.chats).toHaveLength(5);
  });

  it('never remembers a call of a tool', async () => {
    const { model, fake } = await start({
      reply: () => ({ tool: 'look_up', args: { what: 'x' } }),
    });
    const tool = llm.tool({
      name: 'look_up',
      description: 'Looks something up.',
      parameters: z.object({ what: z.string() }),
      execute: () => Promise.resolve('found'),
    });
    for (let i = 0; i < 2; i += 1) {
      const reply = await model
        .chat({ chatCtx: asking('x'), toolCtx: [tool], connOptions })
        .collect();
      expect(reply.toolCalls).toHaveLength(1);
    }
    expect(fake.chats).toHaveLength(2);
  });

  it('remembers no half of a reply: broken off, refused or interrupted', async () => {
    const { model, fake } = await start({
      reply: ({ messages }, n) =>
        n > 2
          ? 'whole reply at last'
          : messages.at(-1)?.content === 'refused'
            ? { status: 400 }
            : { text: 'half of a reply', breakAfter: 5 },
    });
    await ask(model, 'broken');
    await ask(model, 'refused');
    const interrupted = model.chat({ chatCtx: asking('broken'), connOptions });
    await interrupted.next();
    interrupted.close();
    await expect.poll(() => fake.chats.length).toBe(3);
    expect(await ask(model, 'broken')).toBe('whole reply at last');
    expect(await ask(model, 'refused')).toBe('whole reply at last');
    expect(model).toMatchObject({ hits: 0 });
  });

  it('is bounded: by number, by size and by age', async () => {
    const { model, fake } = await start({
      factory: { useCache: { maxEntries: 2, maxCharacters: 60, maxAgeMs: 150 } },
      reply: ({ messages }) =>
        messages.at(-1)?.content === 'long' ? 'word '.repeat(20) : 'short answer',
    });
    await ask(model, 'long');
    await ask(model, 'long');
    expect(fake.chats).toHaveLength(2);
    for (const text of ['a', 'b', 'c', 'c']) await ask(model, text);
    expect(fake.chats).toHaveLength(5);
    await ask(model, 'a');
    expect(fake.chats).toHaveLength(6);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await ask(model, 'a');
    expect(fake.chats).toHaveLength(7);
  });

  it('reports metrics and errors like the model itself', async () => {
    const { model } = await start({
      reply: (_call, n) => (n === 0 ? 'fine' : { status: 401 }),
    });
    const metrics: unknown[] = [];
    const errors: unknown[] = [];
    model.on('metrics_collected', (m) => metrics.push(m));
    model.on('error', (e) => errors.push(e));
    await ask(model, 'a');
    await ask(model, 'a');
    await expect.poll(() => metrics).toHaveLength(2);
    await ask(model, 'b');
    expect(errors).toHaveLength(1);
  });
});
