import '../../support/framework-logger.js';
import type { ServerResponse } from 'node:http';
import { llm } from '@livekit/agents';
import { LLM } from '@livekit/agents-plugin-openai';
import { afterEach, describe, expect, it } from 'vitest';
import { FallbackLLM } from '../../../adapters/fallback/fallback-llm.js';
import type { ProviderChange } from '../../../adapters/fallback/provider-chain.js';
import { ScriptedHttpServer, type HttpScript } from '../../fakes/scripted-http-server.js';

const servers: ScriptedHttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({
    id: 'c',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`;

/** A reply as a chat completions server streams it. */
const reply = (response: ServerResponse, ...words: string[]): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const word of words) response.write(chunk({ role: 'assistant', content: word }));
  response.write(chunk({}, 'stop'));
  response.end('data: [DONE]\n\n');
};

const chain = async (...scripts: [HttpScript, ...HttpScript[]]) => {
  const changes: ProviderChange[] = [];
  const members = await Promise.all(
    scripts.map(async (script, i) => {
      const server = await ScriptedHttpServer.start(script);
      servers.push(server);
      const instance = new LLM({ model: 'm', apiKey: 'k', baseURL: `${server.url}/v1` });
      return { name: `llm-${i}`, instance };
    }),
  );
  const [first, ...rest] = members;
  if (first === undefined) throw new Error('a chain needs a provider');
  const model = new FallbackLLM({
    members: [first, ...rest],
    onChange: (change) => changes.push(change),
  });
  const errors: { recoverable: boolean; error: Error }[] = [];
  model.on('error', (error) => errors.push(error));
  const ask = async (): Promise<string> => {
    const chatCtx = llm.ChatContext.empty();
    chatCtx.addMessage({ role: 'user', content: 'Hello?' });
    return (await model.chat({ chatCtx }).collect()).text;
  };
  return { ask, changes, errors };
};

describe('a chain of language models', () => {
  it('asks the next one when a request fails, and rests the one that failed', async () => {
    const { ask, changes, errors } = await chain(
      (response) => response.writeHead(500).end(),
      (response) => {
        reply(response, 'Good ', 'day.');
      },
    );
    expect(await ask()).toBe('Good day.');
    expect(await ask()).toBe('Good day.');
    expect(errors).toEqual([]);
    expect(changes.map(({ provider }) => provider)).toEqual(['llm-1']);
    expect(servers[0]?.requests).toHaveLength(1);
  });

  it('has a reply that broke off continued, without its beginning', async () => {
    const { ask } = await chain(
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(chunk({ role: 'assistant', content: 'Good ' }), () => {
          setTimeout(() => response.socket?.resetAndDestroy(), 50);
        });
      },
      (response) => {
        reply(response, 'day.');
      },
    );
    expect(await ask()).toBe('Good day.');
    const sent = JSON.parse(servers[1]?.requests[0]?.body.toString() ?? '{}') as {
      messages: { role: string; content: string }[];
    };
    expect(sent.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'system']);
    expect(sent.messages[1]?.content).toContain('Good');
  });

  it('tells once that none answers, in a way that ends no call', async () => {
    const fail: HttpScript = (response) => response.writeHead(401).end('{}');
    const { ask, errors } = await chain(fail, fail);
    expect(await ask()).toBe('');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      recoverable: true,
      error: { code: 'all-providers-failed' },
    });
  });
});
