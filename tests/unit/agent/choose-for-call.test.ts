import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { chooseForCall } from '../../../agent/choose-for-call.js';
import { loadConfig } from '../../../config/load-config.js';
import { writeCallChoice } from '../../../protocol/call-choice.js';

const load = (env: Record<string, string> = {}) =>
  loadConfig({ env: { DEEPGRAM_API_KEY: 'key', ...env }, envFile: null });
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

describe('what a caller chose', () => {
  it('is followed where the worker offers it', async () => {
    const metadata = writeCallChoice({ stt: 'deepgram', mode: 'transcription' });
    const { config, refused } = await chooseForCall(load(), metadata);
    expect(refused).toEqual([]);
    expect(config.stt).toMatchObject({ provider: 'deepgram', apiKey: 'key' });
    expect(config.llm.provider).toBe('jetson');
    expect(config.agent.mode).toBe('transcription');
  });

  it.each([
    ['an id that is not in the registry', { stt: '__proto__' }, /stt "__proto__" is not offered/],
    ['a provider without its key', { llm: 'openai' }, /llm "openai" is not offered .*jetson/],
    ['a voice that is not known', { tts: 'deepgram', voice: 'x' }, /voice "x" is not one of/],
  ])('%s is refused, and the call goes on', async (_name, choice, sentence) => {
    const plain = load();
    const { config, refused } = await chooseForCall(plain, writeCallChoice(choice));
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(sentence);
    expect(config.stt).toEqual(plain.stt);
    expect(config.llm).toEqual(plain.llm);
  });

  it('is a voice of the endpoint, which is asked', async () => {
    const keys: unknown[] = [];
    const server = createServer((request, response) => {
      keys.push(request.headers.authorization);
      response.end(JSON.stringify({ voices: [{ id: 'joe' }, { id: 'amy', language: 'en' }] }));
    }).listen(0, '127.0.0.1');
    closers.push(() => server.close());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = load({ JETSON_URL: url, JETSON_API_KEY: 'jetson-key' });
    const plan = await chooseForCall(config, writeCallChoice({ voice: 'amy' }));
    expect(plan.config.tts).toMatchObject({ provider: 'jetson', voice: 'amy' });
    expect(keys).toEqual(['Bearer jetson-key']);
  });

  it.each(['', '{', '"earshot"', '{"earshot":{"shell":"rm"}}', '{"other":1}'])(
    'metadata %j changes nothing',
    async (metadata) => {
      const config = load();
      expect(await chooseForCall(config, metadata)).toEqual({ config, refused: [] });
    },
  );

  it('cannot be a conversation where only transcription was checked', async () => {
    const config = load({ AGENT_MODE: 'transcription' });
    const plan = await chooseForCall(config, writeCallChoice({ mode: 'conversation' }));
    expect(plan.config.agent.mode).toBe('transcription');
    expect(plan.refused[0]).toContain('AGENT_MODE');
  });
});

describe('a worker for transcription', () => {
  it('asks for no key of an LLM or a TTS', () => {
    const env = { AGENT_MODE: 'transcription', LLM_PROVIDER: 'openai', TTS_PROVIDER: 'deepgram' };
    const config = loadConfig({ env, envFile: null });
    expect(config.stt.provider).toBe('jetson');
    expect(config.needsLocalInference).toBe(true);
  });

  it('still asks for that of its STT', () => {
    const env = { AGENT_MODE: 'transcription', STT_PROVIDER: 'deepgram' };
    expect(() => loadConfig({ env, envFile: null })).toThrow('DEEPGRAM_API_KEY');
  });
});
