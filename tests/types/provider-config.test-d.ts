import { expectTypeOf, test } from 'vitest';
import { ProviderFactory } from '../../providers/provider-factory.js';
import type { LLMConfig, STTConfig, TTSConfig } from '../../providers/registry.js';

test('the configs of the design are accepted', () => {
  expectTypeOf<{ provider: 'jetson' }>().toExtend<STTConfig>();
  expectTypeOf<{
    provider: 'custom-http';
    endpointUrl: string;
    requestTimeoutMs: number;
  }>().toExtend<STTConfig>();
  expectTypeOf<{
    provider: 'custom-websocket';
    wsUrl: string;
    protocol: 'earshot';
  }>().toExtend<STTConfig>();
  expectTypeOf<{ provider: 'deepgram'; apiKey: string; model: string }>().toExtend<STTConfig>();
  expectTypeOf<{ provider: 'openai'; baseUrl: string }>().toExtend<LLMConfig>();
  expectTypeOf<{ provider: 'jetson'; url: string; voice: string }>().toExtend<TTSConfig>();
});

test('a wrong option is a compile error', () => {
  // @ts-expect-error an id that no provider has
  ProviderFactory.createSTT({ provider: 'acme' });
  // @ts-expect-error a missing address
  ProviderFactory.createSTT({ provider: 'custom-websocket' });
  // @ts-expect-error an option of another provider
  ProviderFactory.createSTT({ provider: 'deepgram', apiKey: 'k', wsUrl: 'ws://x' });
  // @ts-expect-error a number as text
  ProviderFactory.createSTT({ provider: 'custom-websocket', wsUrl: 'ws://x', sampleRate: '16000' });
  // @ts-expect-error a protocol that does not exist
  ProviderFactory.createSTT({ provider: 'custom-websocket', wsUrl: 'ws://x', protocol: 'morse' });
  // @ts-expect-error an STT provider where an LLM is wanted
  ProviderFactory.createLLM({ provider: 'deepgram', apiKey: 'k' });
  // @ts-expect-error a misspelt option
  ProviderFactory.createTTS({ provider: 'jetson', voise: 'joe' });
});
