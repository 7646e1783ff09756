import '../support/framework-logger.js';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { afterEach, describe, expect, it } from 'vitest';
import { createMixedSession } from '../../examples/mixed-session.js';
import type { LLMConfig, STTConfig, TTSConfig } from '../../providers/registry.js';
import { AssemblyAIStreaming } from '../support/fakes/assemblyai-streaming.js';
import { DeepgramLive } from '../support/fakes/deepgram-live.js';
import { DeepgramSpeak } from '../support/fakes/deepgram-speak.js';
import { GoogleRecognize } from '../support/fakes/google-recognize.js';
import { OpenAIApi } from '../support/fakes/openai-api.js';
import { TestMicrophone, TestSpeaker } from '../support/offline-session.js';

const QUESTION = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';
const FRAME_SAMPLES = 320;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
const running = async <Fake extends { stop: () => Promise<void> }>(
  starting: Promise<Fake>,
): Promise<Fake> => {
  const fake = await starting;
  stops.push(() => fake.stop());
  return fake;
};

/** The question, spoken at the pace of speech, and silence until the answer was given. */
const speak = async (microphone: TestMicrophone, until: () => boolean): Promise<void> => {
  const wav = readFileSync(new URL('../fixtures/question-capital.wav', import.meta.url));
  const pcm = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length));
  const silence = new Int16Array(FRAME_SAMPLES);
  const startedAt = performance.now();
  for (let at = 0, n = 1; at < pcm.length || !until(); at += FRAME_SAMPLES, n += 1) {
    if (performance.now() - startedAt > 30_000) throw new Error('no answer within 30 s');
    const piece = pcm.slice(at, at + FRAME_SAMPLES);
    const samples = piece.length === FRAME_SAMPLES ? piece : silence;
    microphone.push(new AudioFrame(samples.slice(), 16_000, 1, FRAME_SAMPLES));
    await delay(Math.max(0, startedAt + n * 20 - performance.now()));
  }
};

const converse = async (parts: { stt: STTConfig; llm: LLMConfig; tts: TTSConfig }) => {
  const session = createMixedSession(parts);
  const microphone = new TestMicrophone();
  const speaker = new TestSpeaker();
  session.input.audio = microphone;
  session.output.audio = speaker;
  const errors: unknown[] = [];
  session.on(voice.AgentSessionEventTypes.Error, ({ error }) => errors.push(error));
  const said: { role: string; text: string | undefined }[] = [];
  session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
    if (item.type === 'message') said.push({ role: item.role, text: item.textContent });
  });
  stops.push(() => session.close());
  await session.start({ agent: new voice.Agent({ instructions: 'Be brief.' }) });
  await speak(microphone, () => said.some(({ role }) => role === 'assistant'));
  return { said, errors, speaker };
};

const expected = [
  { role: 'user', text: QUESTION },
  { role: 'assistant', text: ANSWER },
];

describe('custom and native providers in one session', () => {
  it('hears over our Deepgram, thinks with the native OpenAI, speaks with the native Deepgram', async () => {
    const listen = await running(DeepgramLive.start({ apiKey: 'd', sentences: [QUESTION] }));
    const speech = await running(DeepgramSpeak.start({ apiKey: 'd' }));
    const openai = await running(OpenAIApi.start({ apiKey: 'o', reply: () => ANSWER }));
    const { said, errors, speaker } = await converse({
      stt: { provider: 'custom-websocket', protocol: 'deepgram', wsUrl: listen.url, apiKey: 'd' },
      llm: { provider: 'openai', baseUrl: openai.baseUrl, apiKey: 'o' },
      tts: { provider: 'deepgram', baseUrl: speech.baseUrl, apiKey: 'd' },
    });
    expect(errors).toEqual([]);
    expect(said).toEqual(expected);
    expect(speech.spoken.join(' ')).toBe(ANSWER);
    expect(speaker.playedS).toBeGreaterThan(1);
  });

  it('hears with the native Deepgram, speaks over our HTTP adapter', async () => {
    const listen = await running(DeepgramLive.start({ apiKey: 'd', sentences: [QUESTION] }));
    const openai = await running(OpenAIApi.start({ reply: () => ANSWER }));
    const { said, errors, speaker } = await converse({
      stt: { provider: 'deepgram', baseUrl: listen.baseUrl, apiKey: 'd' },
      llm: { provider: 'openai', baseUrl: openai.baseUrl },
      tts: { provider: 'custom-http', endpointUrl: `${openai.baseUrl}/audio/speech` },
    });
    expect(errors).toEqual([]);
    expect(said).toEqual(expected);
    expect(openai.spoken.join(' ')).toBe(ANSWER);
    expect(speaker.playedS).toBeGreaterThan(1);
  });

  it('hears over our AssemblyAI and survives its broken connection', async () => {
    const assemblyai = await running(
      AssemblyAIStreaming.start({
        sentences: [QUESTION],
        script: (n) => (n === 0 ? { dropAtMs: 300, drop: 'reset' } : {}),
      }),
    );
    const openai = await running(OpenAIApi.start({ reply: () => ANSWER }));
    const { said, errors } = await converse({
      stt: { provider: 'assemblyai', wsUrl: assemblyai.url, apiKey: 'a' },
      llm: { provider: 'openai', baseUrl: openai.baseUrl },
      tts: { provider: 'openai', baseUrl: openai.baseUrl },
    });
    for (const error of errors) expect(error).toMatchObject({ recoverable: true });
    expect(said).toEqual(expected);
    expect(assemblyai.handshakes).toBe(2);
  });

  it('hears over our Google, one request an utterance', async () => {
    const google = await running(GoogleRecognize.start({ apiKey: 'g', sentences: [QUESTION] }));
    const openai = await running(OpenAIApi.start({ reply: () => ANSWER }));
    const { said, errors } = await converse({
      stt: { provider: 'google', endpointUrl: google.url, apiKey: 'g' },
      llm: { provider: 'openai', baseUrl: openai.baseUrl },
      tts: { provider: 'openai', baseUrl: openai.baseUrl },
    });
    expect(errors).toEqual([]);
    expect(said).toEqual(expected);
  });
});
