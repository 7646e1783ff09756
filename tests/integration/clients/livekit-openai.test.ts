import '../../support/framework-logger.js';
import { STT, TTS } from '@livekit/agents-plugin-openai';
import { AudioFrame } from '@livekit/rtc-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningInference } from '../../../inference/start-inference.js';
import { startTestEndpoint } from '../../support/inference-endpoint.js';
import { pcmFrame } from '../../support/pcm-frame.js';
import { spokenPcm } from '../../support/speech-clips.js';
import { transcribe } from '../../support/speak.js';
import { wordErrorRate } from '../../support/word-error-rate.js';
import { wavOf } from '../../support/speech-clips.js';

const SENTENCE = 'The train to the coast leaves at seven in the morning.';

let endpoint: RunningInference;
let baseURL: string;

beforeAll(async () => {
  endpoint = await startTestEndpoint();
  baseURL = `${endpoint.url}/v1`;
});
afterAll(async () => {
  await endpoint.close();
});

describe('the native LiveKit OpenAI plugin', () => {
  it('recognises an utterance', async () => {
    const plugin = new STT({ baseURL, apiKey: 'unused', model: 'whisper-1', useRealtime: false });
    const frame = pcmFrame(await spokenPcm(endpoint.url, SENTENCE, 24_000), 24_000);
    const event = await plugin.recognize([frame]);
    const text = event.alternatives?.[0].text ?? '';
    expect(wordErrorRate(SENTENCE, text), text).toBeLessThanOrEqual(0.2);
    await plugin.close();
  });

  it('speaks', async () => {
    const plugin = new TTS({ baseURL, apiKey: 'unused' });
    const frames: AudioFrame[] = [];
    for await (const audio of plugin.synthesize(SENTENCE)) frames.push(audio.frame);
    expect(frames[0]?.sampleRate).toBe(24_000);
    const pcm = Buffer.concat(
      frames.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
    );
    const text = await transcribe(endpoint.url, wavOf(pcm, 24_000));
    expect(wordErrorRate(SENTENCE, text), text).toBeLessThanOrEqual(0.2);
    await plugin.close();
  });
});
