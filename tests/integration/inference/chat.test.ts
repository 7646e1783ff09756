import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningInference } from '../../../inference/start-inference.js';
import { watchEngineWorkers } from '../../support/engine-workers.js';
import { startTestEndpoint } from '../../support/inference-endpoint.js';
import { postJson } from '../../support/post-json.js';
import { errorOf } from '../../support/speech-clips.js';

interface Chunk {
  readonly choices: { delta: { content?: string }; finish_reason: string | null }[];
  readonly usage?: { completion_tokens: number };
}

const QUESTION = [{ role: 'user', content: 'Name three fruits.' }];

let endpoint: RunningInference;
let url: string;

beforeAll(async () => {
  endpoint = await startTestEndpoint();
  url = `${endpoint.url}/v1/chat/completions`;
});
afterAll(async () => {
  await endpoint.close();
});

const eventsOf = async (response: Response): Promise<string[]> =>
  (await response.text())
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.replace(/^data: /, ''));

describe('POST /v1/chat/completions', () => {
  it('answers whole', async () => {
    const response = await postJson(url, { messages: QUESTION, max_tokens: 24, seed: 1 });
    expect(response.status).toBe(200);
    const body = (await response.json()) as {
      choices: { message: { role: string; content: string }; finish_reason: string }[];
      usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
    };
    expect(body.choices[0]?.message.role).toBe('assistant');
    expect(body.choices[0]?.message.content).toMatch(/\p{L}/u);
    expect(body.usage.completion_tokens).toBeLessThanOrEqual(24);
    expect(body.usage.total_tokens).toBe(body.usage.prompt_tokens + body.usage.completion_tokens);
  });

  it('streams the same words, with usage when asked', async () => {
    const request = { messages: QUESTION, max_tokens: 20, temperature: 0, seed: 1 };
    const whole = (await (await postJson(url, request)).json()) as {
      choices: { message: { content: string } }[];
    };
    const response = await postJson(url, {
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = await eventsOf(response);
    expect(events.at(-1)).toBe('[DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event) as Chunk);
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(0);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toMatch(/stop|length/);
  });

  it('stops at a stop text', async () => {
    const messages = [{ role: 'user', content: 'Count: one, two, three, four, five, six.' }];
    const response = await postJson(url, { messages, max_tokens: 60, stop: [','], seed: 1 });
    const body = (await response.json()) as { choices: { message: { content: string } }[] };
    expect(body.choices[0]?.message.content).not.toContain(',');
  });

  it('leaves old turns out of a conversation that is longer than the context', async () => {
    const messages = [
      { role: 'user', content: 'some words about nothing in particular '.repeat(500) },
      { role: 'assistant', content: 'I see.' },
      { role: 'user', content: 'Say yes.' },
    ];
    const response = await postJson(url, { messages, max_tokens: 4 });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  });

  it('stops writing for a client that left', async () => {
    const workers = watchEngineWorkers();
    const leave = new AbortController();
    try {
      const messages = [{ role: 'user', content: 'Tell me a very long story.' }];
      const body = { messages, stream: true, max_tokens: 1500, seed: 1 };
      const response = await postJson(url, body, { signal: leave.signal });
      await response.body?.getReader().read();
      leave.abort();
      await expect.poll(() => workers.cancelled(), { timeout: 2000 }).toBe(1);
      const startedMs = performance.now();
      await (await postJson(url, { messages: QUESTION, max_tokens: 2 })).arrayBuffer();
      expect(performance.now() - startedMs).toBeLessThan(8000);
    } finally {
      workers.stop();
    }
  });
});

describe('POST /v1/chat/completions, bad input', () => {
  it.each([
    ['no messages', {}, 'messages'],
    ['an empty list', { messages: [] }, 'messages'],
    ['an unknown role', { messages: [{ role: 'king', content: 'x' }] }, 'messages.0.role'],
    ['a picture', { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, /messages/],
    ['a negative limit', { messages: QUESTION, max_tokens: -1 }, 'max_tokens'],
    ['a temperature of 9', { messages: QUESTION, temperature: 9 }, 'temperature'],
    ['two answers', { messages: QUESTION, n: 2 }, 'n'],
    ['too many stop texts', { messages: QUESTION, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
  ])('refuses %s', async (_name, body, param) => {
    const response = await postJson(url, body);
    expect(response.status).toBe(400);
    const error = await errorOf(response);
    expect(error.type).toBe('invalid_request_error');
    expect(error.param).toMatch(param);
  });

  it('refuses what is not JSON or not UTF-8', async () => {
    expect((await postJson(url, 'messages: []')).status).toBe(400);
    expect((await postJson(url, Uint8Array.from([0x7b, 0xc3, 0x28, 0x7d]))).status).toBe(400);
  });

  it('answers 429 when too many conversations wait, and every other one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 14 }, async () => {
        const response = await postJson(url, { messages: QUESTION, max_tokens: 12 });
        await response.arrayBuffer();
        return response;
      }),
    );
    const busy = answers.filter(({ status }) => status === 429);
    expect(busy.length).toBeGreaterThan(0);
    expect(busy.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true);
    expect(answers.filter(({ status }) => status === 200).length).toBe(14 - busy.length);
  });

  it('comes back after its engine died', async () => {
    const workers = watchEngineWorkers();
    try {
      const ask = async (): Promise<number> => {
        const response = await postJson(url, { messages: QUESTION, max_tokens: 2 });
        await response.arrayBuffer();
        return response.status;
      };
      expect(await ask()).toBe(200);
      await workers.kill('generate');
      expect(await ask()).toBe(503);
      await expect.poll(ask, { timeout: 20_000, interval: 300 }).toBe(200);
    } finally {
      workers.stop();
    }
  });
});
