import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { PartToCheck } from '../../../playground/playground-options.js';
import { buildPlayground } from '../../../playground/server.js';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function playground(parts: readonly PartToCheck[] = []): Promise<FastifyInstance> {
  const livekit = { url: 'ws://127.0.0.1:7880', apiKey: 'k', apiSecret: 's', isLocal: true };
  const app = await buildPlayground({ livekit, parts });
  closers.push(() => app.close());
  return app;
}

async function partThatAnswers(status: number): Promise<string> {
  const server: Server = createServer((_request, response) => {
    response.statusCode = status;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const headers = { host: 'localhost:3000' };

describe('the page', () => {
  it('comes with a policy that allows nothing from elsewhere', async () => {
    const response = await (await playground()).inject({ url: '/', headers });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toContain('text/html');
    const policy = String(response.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self' ws://127.0.0.1:7880 http://127.0.0.1:7880;");
    expect(policy).not.toMatch(/unsafe|\*|https:/);
  });

  it('has neither scripts nor styles in it, and nothing from elsewhere', async () => {
    const html = await readFile(
      new URL('../../../playground/public/index.html', import.meta.url),
      'utf8',
    );
    expect(html).not.toMatch(
      /<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|(?:src|href)="https?:/,
    );
  });

  it('gets livekit-client from the installed package, and no other file of it', async () => {
    const app = await playground();
    const client = await app.inject({ url: '/vendor/livekit-client.esm.mjs', headers });
    expect(client.statusCode).toBe(200);
    expect(client.headers['content-type']).toContain('javascript');
    for (const url of [
      '/vendor/',
      '/vendor/livekit-client.umd.js',
      '/vendor/../package.json',
      '/nothing',
    ]) {
      const response = await app.inject({ url, headers });
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ error: { code: 'not_found' } });
    }
  });
});

describe('/healthz', () => {
  it('is 200 once every part answers', async () => {
    const app = await playground([
      { name: 'livekit-server', url: await partThatAnswers(200) },
      { name: 'worker', url: await partThatAnswers(200) },
    ]);
    const response = await app.inject({ url: '/healthz', headers });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      status: 'ok',
      parts: { 'livekit-server': { status: 'ok' }, worker: { status: 'ok' } },
    });
  });

  it('is 503 as long as one does not, and says which', async () => {
    const app = await playground([
      { name: 'livekit-server', url: await partThatAnswers(200) },
      { name: 'worker', url: await partThatAnswers(503) },
      { name: 'inference', url: 'http://127.0.0.1:1/' },
    ]);
    const response = await app.inject({ url: '/healthz', headers });
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({
      status: 'unavailable',
      parts: {
        'livekit-server': { status: 'ok' },
        worker: { status: 'unavailable', reason: 'answers 503: not ready yet' },
        inference: { status: 'unavailable', reason: 'does not answer' },
      },
    });
  });
});
