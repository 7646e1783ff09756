import { stt, tts, llm } from '@livekit/agents';
import { describe, expect, it } from 'vitest';
import { allProviders } from '../../../providers/find-provider.js';
import { ProviderFactory } from '../../../providers/provider-factory.js';
import type { LLMConfig, STTConfig, TTSConfig } from '../../../providers/registry.js';

const sttConfigs: STTConfig[] = [
  { provider: 'jetson' },
  { provider: 'custom-http', endpointUrl: 'http://127.0.0.1:9/transcribe', apiKey: 'k' },
  { provider: 'custom-websocket', wsUrl: 'ws://127.0.0.1:9/stream', sampleRate: 8000 },
  { provider: 'openai', apiKey: 'k', realtime: false },
  { provider: 'deepgram', apiKey: 'k' },
  { provider: 'assemblyai', apiKey: 'k' },
  { provider: 'google', apiKey: 'k', language: 'de-DE' },
];
const llmConfigs: LLMConfig[] = [
  { provider: 'jetson', url: 'http://127.0.0.1:9' },
  { provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'llama3.1' },
];
const ttsConfigs: TTSConfig[] = [
  { provider: 'jetson' },
  { provider: 'custom-http', endpointUrl: 'http://127.0.0.1:9/speak' },
  { provider: 'openai', apiKey: 'k', voice: 'nova' },
  { provider: 'deepgram', apiKey: 'k' },
];

describe('ProviderFactory', () => {
  it('has an example here for every provider of the registry', () => {
    const ids = (configs: { provider: string }[]) => configs.map(({ provider }) => provider);
    expect(ids(sttConfigs)).toEqual(allProviders('stt').map(({ id }) => id));
    expect(ids(llmConfigs)).toEqual(allProviders('llm').map(({ id }) => id));
    expect(ids(ttsConfigs)).toEqual(allProviders('tts').map(({ id }) => id));
  });

  it.each(sttConfigs)('makes an stt.STT of $provider', async (config) => {
    const made = ProviderFactory.createSTT(config);
    expect(made).toBeInstanceOf(stt.STT);
    await made.close();
  });

  it.each(llmConfigs)('makes an llm.LLM of $provider', (config) => {
    expect(ProviderFactory.createLLM(config)).toBeInstanceOf(llm.LLM);
  });

  it.each(ttsConfigs)('makes a tts.TTS of $provider', async (config) => {
    const made = ProviderFactory.createTTS(config);
    expect(made).toBeInstanceOf(tts.TTS);
    await made.close();
  });

  it('lists what exists for an unknown provider', () => {
    const config = { provider: 'acme' } as unknown as STTConfig;
    expect(() => ProviderFactory.createSTT(config)).toThrow(
      'There is no STT provider "acme". Choose one of: jetson, custom-http, custom-websocket, openai, deepgram, assemblyai, google.',
    );
  });

  it('says which option does not fit', () => {
    const config = { provider: 'custom-http', endpointUrl: 'ftp://x', speed: 2 };
    expect(() => ProviderFactory.createSTT(config as unknown as STTConfig)).toThrow(
      /endpointUrl: must be an http:\/\/ or https:\/\/ URL.*speed/,
    );
  });
});
