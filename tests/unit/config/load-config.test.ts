import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../config/config-error.js';
import { loadConfig } from '../../../config/load-config.js';

const load = (env: Record<string, string>) => loadConfig({ env, envFile: null });

const problems = (env: Record<string, string>): Record<string, string> => {
  try {
    load(env);
  } catch (error) {
    if (error instanceof ConfigError) {
      return Object.fromEntries(error.problems.map(({ where, problem }) => [where, problem]));
    }
    throw error;
  }
  throw new Error('this configuration should have been refused');
};

describe('loadConfig', () => {
  it('needs nothing: everything is local', () => {
    const config = load({});
    expect(config.stt).toEqual({ provider: 'jetson', url: 'http://127.0.0.1:8800' });
    expect(config.llm).toMatchObject({ provider: 'jetson', model: 'smollm2-135m-instruct' });
    expect(config.tts).toMatchObject({ provider: 'jetson', voice: 'joe' });
    expect(config.livekit).toMatchObject({ url: 'ws://127.0.0.1:7880', isLocal: true });
    expect(config.needsLocalInference).toBe(true);
    expect(config.cacheDir).toBe(`${homedir()}/.cache/earshot`);
  });

  it('follows the local endpoint to its address and key', () => {
    const { stt } = load({
      INFERENCE_HOST: '0.0.0.0',
      INFERENCE_PORT: '9000',
      INFERENCE_API_KEY: 'k',
    });
    expect(stt).toMatchObject({ url: 'http://127.0.0.1:9000', apiKey: 'k' });
  });

  it('does not send the local key to another box', () => {
    const config = load({ JETSON_URL: 'http://jetson.local:8800/', INFERENCE_API_KEY: 'k' });
    expect(config.stt).toEqual({ provider: 'jetson', url: 'http://jetson.local:8800' });
    expect(config.needsLocalInference).toBe(false);
  });

  it('reads fallbacks in order, each from its own variables', () => {
    const config = load({
      STT_FALLBACKS: 'deepgram, custom-http',
      DEEPGRAM_API_KEY: 'dg',
      CUSTOM_HTTP_STT_URL: 'http://127.0.0.1:9/transcribe',
    });
    expect(config.fallbacks.stt).toMatchObject([
      { provider: 'deepgram', apiKey: 'dg' },
      { provider: 'custom-http', endpointUrl: 'http://127.0.0.1:9/transcribe' },
    ]);
    expect(config.fallbacks.llm).toEqual([]);
  });

  it('refuses fallbacks that are unknown, repeated, the provider itself, or without a key', () => {
    expect(problems({ STT_FALLBACKS: 'acme' }).STT_FALLBACKS).toMatch(/must list ids of STT/);
    expect(problems({ LLM_FALLBACKS: 'jetson' }).LLM_FALLBACKS).toMatch(/which is LLM_PROVIDER/);
    expect(problems({ TTS_FALLBACKS: 'openai,openai' }).TTS_FALLBACKS).toMatch(
      /each provider once/,
    );
    expect(problems({ STT_FALLBACKS: 'deepgram' })).toHaveProperty('DEEPGRAM_API_KEY');
  });

  it('swaps one part by one variable', () => {
    const config = load({ STT_PROVIDER: 'deepgram', DEEPGRAM_API_KEY: 'dg' });
    expect(config.stt).toMatchObject({ provider: 'deepgram', apiKey: 'dg', model: 'nova-3' });
    expect(config.llm.provider).toBe('jetson');
    expect(config.needsLocalInference).toBe(true);
  });

  it('prefers the variable of one service over the common one', () => {
    const config = load({
      LLM_PROVIDER: 'openai',
      OPENAI_BASE_URL: 'http://common/v1',
      OPENAI_LLM_BASE_URL: 'http://llm/v1',
    });
    expect(config.llm).toMatchObject({ baseUrl: 'http://llm/v1' });
  });

  it('lists what exists for an unknown provider', () => {
    expect(problems({ STT_PROVIDER: 'wisper' })).toEqual({
      STT_PROVIDER:
        'is "wisper"; it must be one of: jetson, custom-http, custom-websocket, openai, deepgram, assemblyai, google.',
    });
  });

  it('names the variable of a missing key', () => {
    expect(problems({ STT_PROVIDER: 'deepgram', LLM_PROVIDER: 'openai' })).toEqual({
      DEEPGRAM_API_KEY: 'is not set. STT_PROVIDER=deepgram needs it.',
      OPENAI_API_KEY:
        'is not set; it is needed for OpenAI itself (a server of your own is named by the base URL instead). LLM_PROVIDER=openai needs it.',
    });
  });

  it('reports everything at once', () => {
    const found = problems({
      STT_PROVIDER: 'custom-websocket',
      CUSTOM_WS_URL: 'http://wrong.scheme',
      CUSTOM_WS_SAMPLE_RATE: 'fast',
      CUSTOM_WS_PROTOCOL: 'morse',
      LLM_PROVIDER: 'gpt',
      PLAYGROUND_PORT: '99999',
      LOG_LEVEL: 'loud',
      LIVEKIT_URL: 'wss://x.example',
    });
    expect(Object.keys(found).sort()).toEqual([
      'CUSTOM_WS_PROTOCOL',
      'CUSTOM_WS_SAMPLE_RATE',
      'CUSTOM_WS_URL',
      'LIVEKIT_API_KEY',
      'LIVEKIT_API_SECRET',
      'LLM_PROVIDER',
      'LOG_LEVEL',
      'PLAYGROUND_PORT',
    ]);
    expect(found.CUSTOM_WS_SAMPLE_RATE).toBe('is "fast"; it must be a number.');
    expect(found.PLAYGROUND_PORT).toBe('is "99999"; it must be at most 65535.');
    expect(found.CUSTOM_WS_URL).toContain('must be a ws:// or wss:// URL');
  });

  it('never prints a secret', () => {
    const secret = 'sk-very secret';
    const error = (() => {
      try {
        load({
          STT_PROVIDER: 'deepgram',
          DEEPGRAM_API_KEY: secret,
          DEEPGRAM_STT_URL: 'http://user:hunter2@host/',
        });
      } catch (thrown) {
        return thrown as Error;
      }
      throw new Error('this configuration should have been refused');
    })();
    expect(error.message).toContain('DEEPGRAM_API_KEY');
    expect(error.message).not.toContain('secret');
    expect(error.message).not.toContain('hunter2');
  });

  it('treats an empty variable as not set', () => {
    expect(load({ STT_PROVIDER: '', JETSON_URL: '  ' }).stt).toMatchObject({
      provider: 'jetson',
      url: 'http://127.0.0.1:8800',
    });
  });

  it('takes a greeting of "none" for silence', () => {
    expect(load({ AGENT_GREETING: 'none' }).agent.greeting).toBeUndefined();
    expect(load({}).agent.greeting).toBe('Hello! How can I help?');
  });
});
