import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInference, type RunningInference } from '../../../inference/start-inference.js';
import { startTestEndpoint, testCacheDir } from '../../support/inference-endpoint.js';
import { errorOf } from '../../support/speech-clips.js';
import { StreamClient } from '../../support/stream-client.js';

const KEY = 'a-key-for-this-test';
const bearer = { authorization: `Bearer ${KEY}` };
const MODELS = {
  sttModel: 'whisper-tiny.en',
  ttsModel: 'piper-en_US-joe-medium',
  llmModel: 'smollm2-135m-instruct',
};

let endpoint: RunningInference;

beforeAll(async () => {
  endpoint = await startTestEndpoint({ apiKey: KEY });
});
afterAll(async () => {
  await endpoint.close();
});

describe('the endpoint as a service', () => {
  it('tells its models and what they can do', async () => {
    const response = await fetch(`${endpoint.url}/v1/models`, { headers: bearer });
    const body = (await response.json()) as { object: string; data: { id: string }[] };
    expect(body.object).toBe('list');
    expect(body.data.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.values(MODELS)));
    expect(body.data).toContainEqual(
      expect.objectContaining({ kind: 'llm', state: 'ready', object: 'model' }),
    );
  });

  it('tells its voices', async () => {
    const response = await fetch(`${endpoint.url}/v1/audio/voices`, { headers: bearer });
    expect(await response.json()).toMatchObject({
      voices: [{ id: 'joe', language: 'en-US' }],
    });
  });

  it('tells its health without a key', async () => {
    const response = await fetch(`${endpoint.url}/healthz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'ok', engines: { vad: {} } });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each(['/v1/models', '/v1/audio/voices', '/v1/audio/speech', '/v1/chat/completions'])(
    'refuses %s without the key',
    async (path) => {
      for (const authorization of [undefined, 'Bearer wrong', `Basic ${KEY}`, 'Bearer ']) {
        const response = await fetch(endpoint.url + path, {
          method: path.includes('models') || path.includes('voices') ? 'GET' : 'POST',
          ...(authorization === undefined ? {} : { headers: { authorization } }),
        });
        expect(response.status).toBe(401);
        const error = await errorOf(response);
        expect(error.code).toBe('invalid_api_key');
        expect(error.message).not.toContain(KEY);
      }
    },
  );

  it('refuses a stream without the key and takes one with it', async () => {
    await expect(new StreamClient(endpoint.url).send({ type: 'end' })).rejects.toThrow('401');
    const client = new StreamClient(endpoint.url, bearer);
    await client.send({ type: 'config', sampleRate: 16_000 });
    await client.until('ready');
    await client.send({ type: 'end' });
    await client.until('done');
  });

  it('answers an unknown path with 404 in the same shape', async () => {
    const response = await fetch(`${endpoint.url}/v2/everything?x=1`);
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toMatchObject({ code: 'unknown_url' });
  });

  it('closes within seconds although a stream is open, with 1001 or 1000', async () => {
    const own = await startTestEndpoint();
    const client = new StreamClient(own.url);
    await client.send({ type: 'config', sampleRate: 16_000 });
    await client.until('ready');
    const startedMs = performance.now();
    await own.close();
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    expect([1000, 1001, 1005, 1006]).toContain((await client.closed).code);
    await expect(fetch(`${own.url}/healthz`)).rejects.toThrow();
  });

  it('refuses to start on a public address without a key, and on a taken port', async () => {
    const settings = { ...MODELS, cacheDir: testCacheDir() };
    await expect(startInference({ ...settings, host: '0.0.0.0', port: 0 })).rejects.toThrow(
      /INFERENCE_API_KEY/,
    );
    const port = Number(new URL(endpoint.url).port);
    await expect(startInference({ ...settings, host: '127.0.0.1', port })).rejects.toThrow(
      /INFERENCE_PORT/,
    );
  });
});
