import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load-config.js';
import { ProviderFactory } from '../../../providers/provider-factory.js';
import {
  createAssemblyAISTT,
  createDeepgramSTT,
  createGoogleCloudSTT,
} from '../../../providers/stt-presets.js';
import { AssemblyAIStreaming } from '../../support/fakes/assemblyai-streaming.js';
import { DeepgramLive } from '../../support/fakes/deepgram-live.js';
import { GoogleRecognize } from '../../support/fakes/google-recognize.js';
import { indexedFrame } from '../../support/indexed-audio.js';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
const frames = Array.from({ length: 10 }, (_, i) => indexedFrame(i + 1));
const spoken = frames.map((_, i) => String(i + 1)).join(' ');

/** Recognises a recording with what the environment configures. */
const recogniseWith = async (env: Record<string, string>): Promise<string | undefined> => {
  const made = ProviderFactory.createSTT(loadConfig({ env, envFile: null }).stt);
  stops.push(() => made.close());
  return (await made.recognize(frames)).alternatives?.[0].text;
};

describe('a vendor on our adapters, by the environment', () => {
  it('is reached at its own address unless another one is set', () => {
    const of = (env: Record<string, string>) => loadConfig({ env, envFile: null }).stt;
    expect(of({ STT_PROVIDER: 'custom-websocket', CUSTOM_WS_PROTOCOL: 'deepgram' })).toMatchObject({
      wsUrl: 'wss://api.deepgram.com/v1/listen',
    });
    expect(
      of({ STT_PROVIDER: 'custom-websocket', CUSTOM_WS_PROTOCOL: 'assemblyai' }),
    ).toMatchObject({ wsUrl: 'wss://streaming.assemblyai.com/v3/ws' });
    expect(of({ STT_PROVIDER: 'custom-http', CUSTOM_HTTP_STT_PROTOCOL: 'google' })).toMatchObject({
      endpointUrl: 'https://speech.googleapis.com/v1/speech:recognize',
    });
    expect(() => of({ STT_PROVIDER: 'custom-websocket' })).toThrow(/CUSTOM_WS_URL/);
    expect(() => of({ STT_PROVIDER: 'custom-websocket', CUSTOM_WS_PROTOCOL: 'morse' })).toThrow(
      /CUSTOM_WS_PROTOCOL.*earshot.*deepgram.*assemblyai/s,
    );
  });

  it('recognises: Deepgram', async () => {
    const fake = await DeepgramLive.start({ apiKey: 'k' });
    stops.push(() => fake.stop());
    const env = {
      STT_PROVIDER: 'custom-websocket',
      CUSTOM_WS_PROTOCOL: 'deepgram',
      CUSTOM_WS_URL: fake.url,
      CUSTOM_WS_API_KEY: 'k',
      CUSTOM_WS_MODEL: 'nova-2',
    };
    expect(await recogniseWith(env)).toBe(spoken);
    expect(fake.records[0]?.query.get('model')).toBe('nova-2');
  });

  it('recognises: AssemblyAI', async () => {
    const fake = await AssemblyAIStreaming.start({ apiKey: 'k' });
    stops.push(() => fake.stop());
    const env = {
      STT_PROVIDER: 'assemblyai',
      ASSEMBLYAI_API_KEY: 'k',
      ASSEMBLYAI_URL: fake.url,
      ASSEMBLYAI_LANGUAGE: 'es',
    };
    expect(await recogniseWith(env)).toBe(spoken);
    expect(fake.records[0]?.query.get('speech_model')).toBe('universal-streaming-multilingual');
  });

  it('recognises: Google', async () => {
    const fake = await GoogleRecognize.start({ apiKey: 'k' });
    stops.push(() => fake.stop());
    const env = { STT_PROVIDER: 'google', GOOGLE_API_KEY: 'k', GOOGLE_STT_URL: fake.url };
    expect(await recogniseWith(env)).toBe(spoken);
  });
});

describe('a vendor on our adapters, by one call', () => {
  it('recognises with nothing but a key, a language and a model', async () => {
    const deepgram = await DeepgramLive.start({ apiKey: 'k' });
    const assemblyai = await AssemblyAIStreaming.start({ apiKey: 'k' });
    const google = await GoogleRecognize.start({ apiKey: 'k' });
    stops.push(
      () => deepgram.stop(),
      () => assemblyai.stop(),
      () => google.stop(),
    );
    const made = [
      createDeepgramSTT({ apiKey: 'k', language: 'en-US', model: 'nova-2', url: deepgram.url }),
      createAssemblyAISTT({ apiKey: 'k', language: 'en-US', url: assemblyai.url }),
      createGoogleCloudSTT({
        apiKey: 'k',
        language: 'en-US',
        projectId: 'my-project',
        url: google.url,
      }),
    ];
    for (const recogniser of made) {
      stops.push(() => recogniser.close());
      expect((await recogniser.recognize(frames)).alternatives?.[0].text).toBe(spoken);
    }
    expect(deepgram.records[0]?.query.get('language')).toBe('en-US');
  });

  it('knows the vendors’ addresses', async () => {
    const made = [createDeepgramSTT, createAssemblyAISTT, createGoogleCloudSTT].map((create) =>
      create({ apiKey: 'k' }),
    );
    expect(made.map(({ provider }) => provider)).toEqual([
      'api.deepgram.com',
      'streaming.assemblyai.com',
      'speech.googleapis.com',
    ]);
    await Promise.all(made.map((recogniser) => recogniser.close()));
  });
});
