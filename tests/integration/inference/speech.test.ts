import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningInference } from '../../../inference/start-inference.js';
import { watchEngineWorkers } from '../../support/engine-workers.js';
import { startTestEndpoint } from '../../support/inference-endpoint.js';
import { postJson } from '../../support/post-json.js';
import { errorOf } from '../../support/speech-clips.js';
import { transcribe } from '../../support/speak.js';
import { wordErrorRate } from '../../support/word-error-rate.js';

const SENTENCE = 'The train to the coast leaves at seven in the morning.';

let endpoint: RunningInference;
let url: string;

beforeAll(async () => {
  endpoint = await startTestEndpoint();
  url = `${endpoint.url}/v1/audio/speech`;
});
afterAll(async () => {
  await endpoint.close();
});

describe('POST /v1/audio/speech', () => {
  it('speaks what can be understood again', async () => {
    const response = await postJson(url, { input: SENTENCE, response_format: 'wav' });
    expect(response.headers.get('content-type')).toBe('audio/wav');
    const text = await transcribe(endpoint.url, new Uint8Array(await response.arrayBuffer()));
    expect(wordErrorRate(SENTENCE, text), text).toBeLessThanOrEqual(0.2);
  });

  it('sends the first clause before the last one is made', async () => {
    const workers = watchEngineWorkers();
    try {
      const input = Array.from({ length: 12 }, (_, i) => `This is sentence number ${i}.`).join(' ');
      const response = await postJson(url, { input });
      const reader = response.body?.getReader();
      await reader?.read();
      expect(workers.calls('synthesise')).toBeLessThan(6);
      await reader?.cancel();
    } finally {
      workers.stop();
    }
  });

  it.each([8000, 16_000, 24_000, 44_100, 48_000])('speaks at %i Hz', async (sampleRate) => {
    const response = await postJson(url, {
      input: 'Good morning.',
      response_format: 'pcm',
      sample_rate: sampleRate,
    });
    expect(response.headers.get('x-sample-rate')).toBe(String(sampleRate));
    const bytes = (await response.arrayBuffer()).byteLength;
    expect(bytes % 2).toBe(0);
    expect(bytes / 2 / sampleRate).toBeGreaterThan(0.4);
    expect(bytes / 2 / sampleRate).toBeLessThan(2);
  });

  it('speaks faster and slower', async () => {
    const lengths = await Promise.all(
      [2, 1, 0.5].map(async (speed) => {
        const response = await postJson(url, { input: SENTENCE, speed, response_format: 'pcm' });
        return (await response.arrayBuffer()).byteLength;
      }),
    );
    const [fast = 0, normal = 0, slow = 0] = lengths;
    expect(fast / normal).toBeLessThan(0.75);
    expect(slow / normal).toBeGreaterThan(1.5);
  });

  it("takes OpenAI's voice names and its own", async () => {
    for (const voice of ['alloy', 'joe', { id: 'joe' }]) {
      const response = await postJson(url, { input: 'Yes.', voice });
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
  });

  it('stops working for a client that left', async () => {
    const workers = watchEngineWorkers();
    const leave = new AbortController();
    try {
      const input = Array.from({ length: 60 }, (_, i) => `Sentence ${i} is spoken here.`).join(' ');
      const response = await postJson(url, { input }, { signal: leave.signal });
      await response.body?.getReader().read();
      leave.abort();
      const other = await postJson(url, { input: 'Am I served now?' });
      await other.arrayBuffer();
      expect(workers.calls('synthesise')).toBeLessThan(20);
    } finally {
      workers.stop();
    }
  });
});

describe('POST /v1/audio/speech, bad input', () => {
  const refused = async (body: Parameters<typeof postJson>[1]) => {
    const response = await postJson(url, body);
    return { status: response.status, ...(await errorOf(response)) };
  };

  it.each([
    ['no input', {}, 'input'],
    ['an input of punctuation', { input: '…!' }, 'input'],
    ['an input that is too long', { input: 'word '.repeat(1000) }, 'input'],
    ['an unknown format', { input: 'Hi.', response_format: 'midi' }, 'response_format'],
    ['an unknown voice', { input: 'Hi.', voice: 'nobody' }, 'voice'],
    ['a speed of zero', { input: 'Hi.', speed: 0 }, 'speed'],
    ['a rate of one', { input: 'Hi.', sample_rate: 1 }, 'sample_rate'],
    ['a number as input', { input: 5 }, 'input'],
    [
      'opus at 44.1 kHz',
      { input: 'Hi.', response_format: 'opus', sample_rate: 44_100 },
      'sample_rate',
    ],
    ['an unknown stream format', { input: 'Hi.', stream_format: 'x' }, 'stream_format'],
  ])('refuses %s', async (_name, body, param) => {
    expect(await refused(body)).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      param,
    });
  });

  it('refuses what is not JSON, not UTF-8, not an object, or nothing', async () => {
    expect(await refused('{"input":')).toMatchObject({ status: 400 });
    expect(await refused(Uint8Array.from([0x22, 0xff, 0x22]))).toMatchObject({
      status: 400,
      code: 'invalid_encoding',
    });
    expect(await refused('[]')).toMatchObject({ status: 400 });
    expect(await refused('')).toMatchObject({ status: 400 });
  });

  it('refuses a body that is too large', async () => {
    expect(await refused({ input: 'x'.repeat(2 << 20) })).toMatchObject({ status: 413 });
  });

  it('answers at once with 429 and Retry-After when too much is asked at once', async () => {
    const input = 'This sentence is spoken for many people at the same time.';
    const answers = await Promise.all(
      Array.from({ length: 24 }, async () => {
        const response = await postJson(url, { input });
        const after = response.headers.get('retry-after');
        await response.arrayBuffer();
        return { status: response.status, after };
      }),
    );
    const busy = answers.filter(({ status }) => status === 429);
    expect(busy.length).toBeGreaterThan(0);
    expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
    expect(busy.every(({ after }) => Number(after) > 0)).toBe(true);
  });

  it('speaks on after all of that, and after its engine died', async () => {
    const workers = watchEngineWorkers();
    try {
      const first = await postJson(url, { input: 'Hello.' });
      expect((await first.arrayBuffer()).byteLength).toBeGreaterThan(1000);
      await workers.kill('synthesise');
      const during = await postJson(url, { input: 'Hello.' });
      expect(during.status).toBe(503);
      expect(Number(during.headers.get('retry-after'))).toBeGreaterThan(0);
      await during.arrayBuffer();
      const health = await fetch(`${endpoint.url}/healthz`);
      expect(health.status).toBe(503);
      expect(await health.json()).toMatchObject({
        status: 'failing',
        engines: { tts: { state: 'restarting' }, stt: { state: 'ready' } },
      });
      await expect
        .poll(async () => (await postJson(url, { input: 'Hello again.' })).status, {
          timeout: 20_000,
          interval: 200,
        })
        .toBe(200);
    } finally {
      workers.stop();
    }
  });
});
