import { TokenVerifier } from 'livekit-server-sdk';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { playgroundOffers } from '../../../cli/supervisor/playground-offers.js';
import { loadConfig } from '../../../config/load-config.js';
import type { Offers } from '../../../playground/offers.js';
import { buildPlayground } from '../../../playground/server.js';

const apiSecret = 'a-secret-of-at-least-thirty-two-characters';
const headers = { host: '127.0.0.1:3000', 'content-type': 'application/json' };
const apps: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

const playground = async (offers?: Offers): Promise<FastifyInstance> => {
  const livekit = { url: 'ws://127.0.0.1:7880', apiKey: 'key', apiSecret, isLocal: true };
  const app = await buildPlayground({ livekit, offers, parts: [] });
  apps.push(app);
  return app;
};
const offersOf = (env: Record<string, string>): Offers => {
  const config = loadConfig({ env, envFile: null });
  return playgroundOffers(config.offers, config.agent.mode);
};
const token = async (app: FastifyInstance, choice: unknown) =>
  app.inject({ method: 'POST', url: '/token', headers, payload: JSON.stringify({ choice }) });

describe('what is offered', () => {
  it('is what the variables are complete for, the configured one first', () => {
    const offers = offersOf({ DEEPGRAM_API_KEY: 'k', STT_PROVIDER: 'deepgram' });
    expect(offers.stt.map(({ id }) => id)).toEqual(['deepgram', 'jetson']);
    expect(offers.llm.map(({ id }) => id)).toEqual(['jetson']);
    expect(offers.tts.map(({ id }) => id)).toEqual(['jetson', 'deepgram']);
    expect(offers.modes).toEqual(['conversation', 'transcription']);
  });

  it('does not have an endpoint that nobody starts', () => {
    const env = { DEEPGRAM_API_KEY: 'k', OPENAI_API_KEY: 'k' };
    const cloud = { STT_PROVIDER: 'deepgram', LLM_PROVIDER: 'openai', TTS_PROVIDER: 'deepgram' };
    const offers = offersOf({ ...env, ...cloud });
    const ids = [...offers.stt, ...offers.llm, ...offers.tts].map(({ id }) => id);
    expect(ids).not.toContain('jetson');
  });

  it('is listed without addresses and keys', async () => {
    const app = await playground(
      offersOf({
        JETSON_URL: 'http://127.0.0.1:1',
        JETSON_API_KEY: 'jetson-secret',
        OPENAI_API_KEY: 'k',
      }),
    );
    const response = await app.inject({ url: '/offers', headers });
    expect(response.body).not.toMatch(/secret|127\.0\.0\.1/);
    const { tts } = response.json<{ tts: { id: string; voice: string; voices: string[] }[] }>();
    // The endpoint is not there, so its voices are not known.
    expect(tts[0]).toMatchObject({ id: 'jetson', voice: 'joe', voices: [] });
    expect(tts[1]).toMatchObject({ id: 'openai', voice: 'alloy' });
    expect(tts[1]?.voices).toContain('nova');
  });
});

describe('a token with a choice', () => {
  it('carries it in its signed metadata, which the caller may not change', async () => {
    const app = await playground(offersOf({ DEEPGRAM_API_KEY: 'k' }));
    const answer = await token(app, { stt: 'deepgram' });
    const claims = await new TokenVerifier('key', apiSecret).verify(
      answer.json<{ token: string }>().token,
    );
    expect(JSON.parse(claims.metadata ?? '')).toEqual({ earshot: { stt: 'deepgram' } });
    expect(claims.video?.canUpdateOwnMetadata).toBeUndefined();
  });

  it.each([
    ['a provider that is not offered', { llm: 'openai' }, /llm "openai".*It offers: jetson/],
    ['an id of no registry', { stt: '../x' }, /stt "\.\.\/x"/],
    ['a mode that does not exist', { mode: 'shell' }, /mode, stt, llm, tts, voice/],
    ['an unknown field', { instructions: 'x' }, /mode, stt, llm, tts, voice/],
    ['an endless name', { voice: 'x'.repeat(300) }, /mode, stt, llm, tts, voice/],
    ['no object', 'stt', /mode, stt, llm, tts, voice/],
  ])('%s is refused with a sentence', async (_name, choice, sentence) => {
    const answer = await token(await playground(offersOf({})), choice);
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ error: { message: string } }>().error.message).toMatch(sentence);
  });

  it('is refused where nothing is offered', async () => {
    const answer = await token(await playground(), { stt: 'jetson' });
    expect(answer.statusCode).toBe(400);
  });
});
