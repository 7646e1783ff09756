import type { FastifyInstance } from 'fastify';
import { TokenVerifier } from 'livekit-server-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import type { PlaygroundOptions } from '../../../playground/playground-options.js';
import { buildPlayground } from '../../../playground/server.js';

const apiSecret = 'a-secret-of-at-least-thirty-two-characters';
const options: PlaygroundOptions = {
  livekit: { url: 'ws://127.0.0.1:7880', apiKey: 'key', apiSecret, isLocal: true },
  parts: [],
};
const apps: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

async function playground(more: Partial<PlaygroundOptions> = {}): Promise<FastifyInstance> {
  const app = await buildPlayground({ ...options, ...more });
  apps.push(app);
  return app;
}

interface Answer {
  status: number;
  body: {
    url: string;
    token: string;
    room: string;
    identity: string;
    error?: { code: string; message: string };
  };
}
async function askToken(
  app: FastifyInstance,
  payload: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/token',
    headers: { host: '127.0.0.1:3000', 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
  return { status: response.statusCode, body: response.json() };
}

describe('a token', () => {
  it('is for a random room and person, for a microphone and a short time', async () => {
    const app = await playground();
    const first = await askToken(app, {});
    const second = await askToken(app, {});
    expect(first.status).toBe(200);
    expect(first.body.url).toBe('ws://127.0.0.1:7880');
    expect(first.body.room).not.toBe(second.body.room);
    const claims = await new TokenVerifier('key', apiSecret).verify(first.body.token);
    expect(claims.sub).toBe(first.body.identity);
    expect(claims.video).toEqual({
      room: first.body.room,
      roomJoin: true,
      canPublish: true,
      canPublishSources: ['microphone'],
      canSubscribe: true,
      canPublishData: true,
    });
    expect((claims.exp ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(300);
    expect(claims.roomConfig).toBeUndefined();
  });

  it('takes the room and the name that were asked for', async () => {
    const { body } = await askToken(await playground(), { room: 'kitchen', identity: 'Ada_1' });
    expect(body).toMatchObject({ room: 'kitchen', identity: 'Ada_1' });
  });

  it('comes without a body too', async () => {
    const app = await playground();
    const response = await app.inject({
      method: 'POST',
      url: '/token',
      headers: { host: 'localhost' },
    });
    expect(response.statusCode).toBe(200);
  });

  it('asks for the agent by name where it has one', async () => {
    const { body } = await askToken(await playground({ agentName: 'ear' }), {});
    const claims = await new TokenVerifier('key', apiSecret).verify(body.token);
    expect(claims.roomConfig?.agents.map((agent) => agent.agentName)).toEqual(['ear']);
  });

  it('names the server as the browser can reach it', async () => {
    const app = await playground();
    const urlFrom = async (host: string): Promise<string> =>
      (await askToken(app, {}, { host })).body.url;
    expect(await urlFrom('localhost:3000')).toBe('ws://127.0.0.1:7880');
    expect(await urlFrom('192.168.1.7:3000')).toBe('ws://192.168.1.7:7880');
    expect(await urlFrom('[::1]:3000')).toBe('ws://127.0.0.1:7880');
  });
});

describe('a bad request', () => {
  const tooLong = 'a'.repeat(65);
  it.each([
    ['an empty room', { room: '' }, 400, /room/],
    ['a room with a slash', { room: '../admin' }, 400, /room.*letters, digits/],
    ['a long room', { room: tooLong }, 400, /1 to 64/],
    ['a number as the room', { room: 7 }, 400, /room/],
    ['an identity with a space', { identity: 'Ada L' }, 400, /identity/],
    ['an identity that is not ASCII', { identity: 'Адa' }, 400, /identity/],
    ['both wrong', { room: '', identity: '' }, 400, /room and identity/],
    ['an unknown field', { agent: 'x' }, 400, /optional/],
    ['an array', [], 400, /JSON object/],
    ['a string', '"room"', 400, /JSON object/],
    ['no JSON', '{room', 400, /JSON/],
    ['a large body', { room: 'a'.repeat(5_000) }, 413, /too large/],
  ])('%s is refused with a sentence', async (_name, payload, status, message) => {
    const answer = await askToken(await playground(), payload);
    expect(answer.status).toBe(status);
    expect(answer.body.error?.message).toMatch(message);
  });

  it('text that another site’s form can send is refused', async () => {
    const app = await playground();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await askToken(app, '{}', { 'content-type': type });
      expect(answer.status).toBe(415);
    }
  });

  it('too many in a row are told when to come back', async () => {
    const app = await playground();
    const statuses: number[] = [];
    for (let count = 0; count < 25; count += 1) statuses.push((await askToken(app, {})).status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(21);
    expect(statuses.at(-1)).toBe(429);
    expect((await askToken(app, {})).body.error?.message).toMatch(/again in \d s/);
  });

  it('for a server elsewhere is refused, with the variable', async () => {
    const app = await playground({
      livekit: { ...options.livekit, url: 'wss://cloud.example', isLocal: false },
    });
    const answer = await askToken(app, {});
    expect(answer.status).toBe(403);
    expect(answer.body.error?.message).toContain('LIVEKIT_URL');
  });
});

describe('another web site', () => {
  it('cannot get a token by its own name for this machine (DNS rebinding)', async () => {
    const app = await playground();
    for (const host of ['evil.example:3000', 'localhost.evil.example', 'evil@127.0.0.1']) {
      const answer = await askToken(app, {}, { host });
      expect([400, 403]).toContain(answer.status);
      expect(JSON.stringify(answer.body)).not.toContain('ey');
    }
  });

  it('may use a name that was allowed', async () => {
    const app = await playground({ allowedHosts: ['jetson.local'] });
    expect((await askToken(app, {}, { host: 'jetson.local:3000' })).status).toBe(200);
  });

  it('cannot get a token from its own page', async () => {
    const app = await playground();
    const refused = [
      { origin: 'https://evil.example' },
      { origin: 'http://127.0.0.1:3001' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of refused) {
      expect((await askToken(app, {}, headers)).status).toBe(403);
    }
    const own = { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' };
    expect((await askToken(app, {}, own)).status).toBe(200);
  });
});
