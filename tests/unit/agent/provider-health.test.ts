import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { healthUrls, probe, waitForProviders } from '../../../agent/provider-health.js';

let server: Server;
let status = 200;
let url: string;
beforeEach(async () => {
  status = 200;
  server = createServer((_request, response) => response.writeHead(status).end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe('provider health', () => {
  it('asks an endpoint that serves three parts once', () => {
    expect(
      healthUrls({
        stt: { provider: 'jetson', url: 'http://box:1' },
        llm: { provider: 'jetson', url: 'http://box:1/' },
        tts: { provider: 'deepgram', apiKey: 'k' },
        fallbacks: { stt: [], llm: [], tts: [] },
      }),
    ).toEqual(['http://box:1/healthz']);
  });

  it('does not make a call wait for a provider that has a fallback', () => {
    const jetson = { provider: 'jetson', url: 'http://box:1' } as const;
    const deepgram = { provider: 'deepgram', apiKey: 'k' } as const;
    expect(
      healthUrls({
        stt: jetson,
        llm: { ...jetson, url: 'http://other:1' },
        tts: deepgram,
        fallbacks: { stt: [deepgram], llm: [], tts: [jetson] },
      }),
    ).toEqual(['http://other:1/healthz']);
  });

  it('is content with 2xx and says what it saw otherwise', async () => {
    expect(await probe(url)).toBeUndefined();
    status = 503;
    expect(await probe(url)).toBe('it answers 503');
    expect(await probe('http://127.0.0.1:1/healthz')).toBe('ECONNREFUSED');
  });

  it('waits until a service is there, and says once that it waits', async () => {
    status = 503;
    const told: string[] = [];
    const waiting = waitForProviders(
      [url],
      (_url, reason) => told.push(reason),
      new AbortController().signal,
    );
    await new Promise((resolve) => setTimeout(resolve, 1200));
    status = 200;
    await waiting;
    expect(told).toEqual(['it answers 503']);
  });

  it('stops waiting when the call ends', async () => {
    status = 503;
    const ended = new AbortController();
    const waiting = waitForProviders([url], () => undefined, ended.signal);
    ended.abort();
    await waiting;
  });
});
