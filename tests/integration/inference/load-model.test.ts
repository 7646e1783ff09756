import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ASROutput, ASRProcessor } from '../../../inference/asr/asr-processor.js';
import { registerLoader, unregisterLoader } from '../../../inference/asr/loader-registry.js';
import type { RunningInference } from '../../../inference/start-inference.js';
import { startTestEndpoint, testCacheDir } from '../../support/inference-endpoint.js';
import { speakAtOnce } from '../../support/live-streams.js';
import { errorOf, postClip, silentPcm, spokenPcm, wavOf } from '../../support/speech-clips.js';
import { StreamClient } from '../../support/stream-client.js';
import { wordErrorRate } from '../../support/word-error-rate.js';

const SENTENCES = [
  'The river runs past the old stone bridge.',
  'Seven ships were waiting in the harbour.',
  'What is the capital of France?',
];

/** Says how much it heard, and knows no words. */
class CountingProcessor implements ASRProcessor {
  #samples = 0;

  init(): void {
    this.#samples = 0;
  }

  insertAudioChunk(audio: Float32Array): void {
    this.#samples += audio.length;
  }

  processIter(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  finish(): Promise<ASROutput> {
    const text = this.#samples > 16_000 ? 'more than a second' : 'less than a second';
    return Promise.resolve({ startMs: 0, endMs: this.#samples / 16, text });
  }
}

let endpoint: RunningInference;
let modelsDir: string;

const load = (body: object): Promise<Response> =>
  fetch(`${endpoint.url}/load_model`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const sttModel = async (): Promise<string | undefined> => {
  const { data } = (await (await fetch(`${endpoint.url}/v1/models`)).json()) as {
    data: { id: string; kind: string }[];
  };
  return data.find(({ kind }) => kind === 'stt')?.id;
};
const transcript = async (pcm: Buffer): Promise<string> =>
  ((await (await postClip(endpoint.url, wavOf(pcm))).json()) as { text: string }).text;

beforeAll(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'earshot-models-'));
  await mkdir(join(modelsDir, 'second'));
  await symlink(
    join(testCacheDir(), 'models', 'whisper-tiny.en', 'ggml-tiny.en.bin'),
    join(modelsDir, 'second', 'ggml-second.bin'),
  );
  await mkdir(join(modelsDir, 'broken'));
  for (const name of ['tiny-encoder.onnx', 'tiny-decoder.onnx', 'tiny-tokens.txt']) {
    await writeFile(join(modelsDir, 'broken', name), 'this is no model');
  }
  await mkdir(join(modelsDir, 'empty'));
  endpoint = await startTestEndpoint({ modelsDir, preload: ['stt', 'tts'], memoryMb: 4000 });
});

afterAll(async () => {
  await endpoint.close();
  await rm(modelsDir, { recursive: true, force: true });
});

describe('POST /load_model', () => {
  it('exchanges the model under four live streams: none is dropped and no word is lost', async () => {
    const parts = await Promise.all(SENTENCES.map((text) => spokenPcm(endpoint.url, text)));
    const pcm = Buffer.concat(parts.flatMap((part) => [part, silentPcm(700)]));
    const running = speakAtOnce(endpoint.url, pcm, 4, 150);
    await delay(3000);
    const answer = await load({ model: 'second', minChunkSize: 0.8, device: 'cpu' });
    expect(await answer.json()).toMatchObject({ status: 'loaded', model: 'second' });
    const newcomer = new StreamClient(endpoint.url);
    await newcomer.send({ type: 'config', sampleRate: 16_000 });
    expect((await newcomer.until('ready')).model).toBe('second');
    await newcomer.send({ type: 'end' });
    const streams = await running;
    for (const stream of streams) {
      const { client, closeCode } = stream;
      expect(await closeCode).toBe(1000);
      expect(client.of('error')).toEqual([]);
      expect((await client.until('ready')).model).toBe('whisper-tiny.en');
      // A word may be misheard, the voice is not the same each time; a lost sentence is more than a quarter.
      const text = stream.text();
      expect(wordErrorRate(SENTENCES.join(' '), text), text).toBeLessThan(0.25);
    }
    expect(await sttModel()).toBe('second');
  });

  it('keeps the old model when the new one cannot be loaded', async () => {
    const before = await sttModel();
    const broken = await load({ model: 'broken' });
    expect(broken.status).toBe(422);
    expect((await errorOf(broken)).message).toContain('the one before goes on serving');
    expect(await sttModel()).toBe(before);
    const said = await transcript(await spokenPcm(endpoint.url, SENTENCES[0] ?? ''));
    expect(wordErrorRate(SENTENCES[0] ?? '', said)).toBeLessThan(0.25);
  });

  it.each([
    ['../second', 'never a path'],
    ['/etc/passwd', 'never a path'],
    ['https://example.org/model.bin', 'never a path'],
    ['nothing', 'There is no model "nothing"'],
    ['empty', 'What the backends look for'],
  ])('refuses the model name %s', async (model, reason) => {
    const response = await load({ model });
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({
      code: 'model_not_found',
      message: expect.stringContaining(reason) as string,
    });
  });

  it('lists every problem of a configuration', async () => {
    const response = await load({ lan: 3, task: 'sing', minChunkSize: 0, bufferTrimming: 'word' });
    expect(response.status).toBe(400);
    const { message } = await errorOf(response);
    for (const name of ['model', 'lan', 'task', 'minChunkSize', 'bufferTrimming']) {
      expect(message).toContain(name);
    }
  });

  it('names the backends where one is unknown', async () => {
    const response = await load({ model: 'second', backend: 'nobody' });
    expect(await errorOf(response)).toMatchObject({
      code: 'backend_unavailable',
      message: expect.stringContaining('whisper-cpp, sherpa-onnx') as string,
    });
  });

  it('runs streams on a registered loader, which gets the fields that only it knows', async () => {
    let seen: unknown;
    registerLoader('counting', {
      load: (config) => {
        seen = config.greeting;
        return Promise.resolve({
          metadata: { separator: ' ' },
          close: () => undefined,
          createProcessor: () => new CountingProcessor(),
        });
      },
    });
    try {
      const answer = await load({ model: 'any', backend: 'counting', greeting: 'hello' });
      expect(answer.status).toBe(200);
      expect(seen).toBe('hello');
      const pcm = await spokenPcm(endpoint.url, SENTENCES[0] ?? '');
      const [stream] = await speakAtOnce(endpoint.url, Buffer.concat([pcm, silentPcm(600)]), 1, 0);
      expect(stream?.text()).toBe('more than a second');
    } finally {
      unregisterLoader('counting');
      await load({ model: 'whisper-tiny.en', min_chunk_size: 0.7 });
    }
    expect(await sttModel()).toBe('whisper-tiny.en');
  });

  it('loads what was not preloaded when it is first wanted', async () => {
    const before = (await (await fetch(`${endpoint.url}/healthz`)).json()) as {
      status: string;
      engines: Record<string, { state: string }>;
    };
    expect(before.status).toBe('ok');
    expect(before.engines.llm?.state).toBe('idle');
    const answer = await fetch(`${endpoint.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello!' }], max_tokens: 8 }),
    });
    expect(answer.status).toBe(200);
  });
});
