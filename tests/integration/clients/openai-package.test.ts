import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningInference } from '../../../inference/start-inference.js';
import { readCompressed } from '../../support/read-compressed.js';
import { startTestEndpoint } from '../../support/inference-endpoint.js';
import { silentPcm, spokenPcm, wavOf } from '../../support/speech-clips.js';
import { wordErrorRate } from '../../support/word-error-rate.js';

const KEY = 'a-key-for-the-openai-package';
const SENTENCE = 'The weather in the mountains was cold and clear this morning.';

let endpoint: RunningInference;
let openai: OpenAI;
let clip: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  endpoint = await startTestEndpoint({ apiKey: KEY });
  openai = new OpenAI({ baseURL: `${endpoint.url}/v1`, apiKey: KEY, maxRetries: 0 });
  const pcm = await spokenPcm(endpoint.url, SENTENCE, 16_000, KEY);
  clip = wavOf(pcm);
});
afterAll(async () => {
  await endpoint.close();
});

const upload = () => toFile(clip, 'speech.wav', { type: 'audio/wav' });

describe('the official openai package', () => {
  it('transcribes as json, text, srt and vtt', async () => {
    const request = { model: 'whisper-1', language: 'en', prompt: 'Weather.', temperature: 0 };
    const { text } = await openai.audio.transcriptions.create({ ...request, file: await upload() });
    expect(wordErrorRate(SENTENCE, text), text).toBeLessThanOrEqual(0.2);
    for (const [format, shape] of [
      ['text', /mountains/i],
      ['srt', /^1\n00:00:00,/],
      ['vtt', /^WEBVTT\n/],
    ] as const) {
      const answer = await openai.audio.transcriptions.create({
        ...request,
        file: await upload(),
        response_format: format,
      });
      expect(answer).toMatch(shape);
    }
  });

  it('gets the timestamps it asked for', async () => {
    const verbose = await openai.audio.transcriptions.create({
      model: 'whisper-1',
      file: await upload(),
      response_format: 'verbose_json',
      timestamp_granularities: ['word'],
    });
    expect(verbose.words?.map(({ word }) => word).join(' ')).toMatch(/in the mountains/i);
    expect(verbose.segments).toBeUndefined();
    expect(verbose.duration).toBeCloseTo((clip.length - 44) / 32_000, 1);
  });

  it('streams a transcription', async () => {
    const two = Buffer.concat([clip.subarray(44), silentPcm(3000), clip.subarray(44)]);
    const stream = await openai.audio.transcriptions.create({
      model: 'gpt-4o-mini-transcribe',
      file: await toFile(wavOf(two), 'speech.wav'),
      stream: true,
    });
    const deltas: string[] = [];
    let done = '';
    for await (const event of stream) {
      if (event.type === 'transcript.text.delta') deltas.push(event.delta);
      if (event.type === 'transcript.text.done') done = event.text;
    }
    expect(deltas.length).toBe(2);
    expect(deltas.join('')).toBe(done);
    expect(wordErrorRate(`${SENTENCE} ${SENTENCE}`, done), done).toBeLessThanOrEqual(0.2);
  });

  it.each(['mp3', 'opus', 'wav', 'pcm'] as const)('gets speech as %s', async (format) => {
    const response = await openai.audio.speech.create({
      model: 'tts-1',
      voice: 'alloy',
      input: SENTENCE,
      response_format: format,
      speed: 1.1,
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (format === 'mp3' || format === 'opus') {
      const { codec, durationS } = await readCompressed(bytes);
      expect(codec).toBe(format);
      expect(durationS).toBeGreaterThan(2);
      expect(durationS).toBeLessThan(6);
    } else {
      const wav = format === 'wav' ? bytes : wavOf(bytes, 24_000);
      const { text } = await openai.audio.transcriptions.create({
        model: 'whisper-1',
        file: await toFile(wav, 'speech.wav'),
      });
      expect(wordErrorRate(SENTENCE, text), text).toBeLessThanOrEqual(0.2);
    }
  });

  it('gets speech as events', async () => {
    const response = await openai.audio.speech.create({
      model: 'tts-1',
      voice: 'alloy',
      input: SENTENCE,
      response_format: 'mp3',
      stream_format: 'sse',
    });
    const events = (await response.text())
      .trim()
      .split('\n\n')
      .map((line) => JSON.parse(line.slice('data: '.length)) as { type: string; audio?: string });
    expect(events.at(-1)?.type).toBe('speech.audio.done');
    const parts = events.slice(0, -1).map(({ audio = '' }) => Buffer.from(audio, 'base64'));
    const { codec, durationS } = await readCompressed(Uint8Array.from(Buffer.concat(parts)));
    expect(codec).toBe('mp3');
    expect(durationS).toBeGreaterThan(2);
  });

  it('lists the models and talks', async () => {
    const models = await openai.models.list();
    expect(models.data.map(({ id }) => id)).toContain('whisper-tiny.en');
    const chat = await openai.chat.completions.create({
      model: 'smollm2-135m-instruct',
      messages: [{ role: 'user', content: 'Say hello.' }],
      max_completion_tokens: 12,
    });
    expect(chat.choices[0]?.message.content).toMatch(/\w/);
  });

  it('gets its own error classes', async () => {
    const stranger = new OpenAI({ baseURL: `${endpoint.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    const rubbish = await toFile(Buffer.from('not audio'), 'x.wav');
    await expect(
      openai.audio.transcriptions.create({ model: 'whisper-1', file: rubbish }),
    ).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });
});
