import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { RunningInference } from '../../../inference/start-inference.js';
import { watchEngineWorkers } from '../../support/engine-workers.js';
import { startTestEndpoint } from '../../support/inference-endpoint.js';
import { silentPcm, spokenPcm } from '../../support/speech-clips.js';
import { StreamClient } from '../../support/stream-client.js';
import { wordErrorRate } from '../../support/word-error-rate.js';

const SENTENCE = 'The weather in the mountains was cold and clear this morning.';
const MAX_STREAMS = 3;
const CONFIG = { type: 'config', sampleRate: 16_000 };

let endpoint: RunningInference;
let speech: Buffer;
const clients: StreamClient[] = [];

beforeAll(async () => {
  endpoint = await startTestEndpoint({ maxStreams: MAX_STREAMS });
  speech = await spokenPcm(endpoint.url, SENTENCE);
});
afterAll(async () => {
  for (const client of clients) client.terminate();
  await endpoint.close();
});

const open = (): StreamClient => {
  const client = new StreamClient(endpoint.url);
  clients.push(client);
  return client;
};

const finalsOf = (client: StreamClient): string =>
  client
    .of('transcript-final')
    .map(({ text }) => text)
    .join(' ');

describe('/v1/stream', () => {
  it('gives interim texts while somebody speaks, and the final when they stop', async () => {
    const client = open();
    await client.send(CONFIG);
    await client.until('ready');
    await client.speak(Buffer.concat([silentPcm(300), speech]), 16_000);
    await client.speak(silentPcm(800), 16_000);
    const final = await client.until('transcript-final');
    expect(wordErrorRate(SENTENCE, final.text), final.text).toBeLessThanOrEqual(0.2);
    expect(client.of('speech-started')[0]?.atMs).toBeGreaterThan(200);
    expect(client.of('transcript-interim').length).toBeGreaterThan(0);
    expect(final.words?.length).toBeGreaterThan(5);
    await client.send({ type: 'end' });
    const done = await client.until('done');
    expect(done.receivedMs).toBe(Math.floor(speech.length / 32) + 300 + 800);
    expect((await client.closed).code).toBe(1000);
  });

  it.each([8000, 44_100, 48_000])('understands %i Hz sent faster than speech', async (rate) => {
    const client = open();
    await client.send({ ...CONFIG, sampleRate: rate, interimResults: false });
    await client.speak(await spokenPcm(endpoint.url, SENTENCE, rate), rate, false);
    await client.send({ type: 'end' });
    await client.until('done');
    expect(wordErrorRate(SENTENCE, finalsOf(client)), finalsOf(client)).toBeLessThanOrEqual(0.2);
    expect(client.of('transcript-interim')).toEqual([]);
  });

  it('ends an utterance when told to', async () => {
    const client = open();
    await client.send(CONFIG);
    await client.speak(speech, 16_000, false);
    await client.send({ type: 'finalize' });
    const final = await client.until('transcript-final');
    expect(wordErrorRate(SENTENCE, final.text), final.text).toBeLessThanOrEqual(0.2);
    await client.send({ type: 'end' });
    await client.until('done');
  });

  it('says nothing about silence, and settles it', async () => {
    const client = open();
    await client.send(CONFIG);
    await client.speak(silentPcm(5000), 16_000, false);
    await client.send({ type: 'end' });
    await client.until('done');
    expect(client.of('transcript-final')).toEqual([]);
    expect(client.of('ack').at(-1)?.settledMs).toBeGreaterThan(4000);
  });

  it('gives each stream its own words', async () => {
    const sentences = ['I would like a cup of coffee.', 'The train leaves at seven tomorrow.'];
    const texts = await Promise.all(
      sentences.map(async (sentence) => {
        const client = open();
        await client.send({ ...CONFIG, interimResults: false });
        await client.speak(await spokenPcm(endpoint.url, sentence), 16_000, false);
        await client.send({ type: 'end' });
        await client.until('done');
        return finalsOf(client);
      }),
    );
    texts.forEach((text, i) => {
      expect(wordErrorRate(sentences[i] ?? '', text), text).toBeLessThanOrEqual(0.2);
    });
  });

  it('gives the final although the engine dies at the end of the utterance', async () => {
    const workers = watchEngineWorkers();
    try {
      const client = open();
      await client.send(CONFIG);
      await client.speak(speech, 16_000, false);
      await client.send({ type: 'finalize' });
      await expect.poll(() => workers.calls('recognise'), { timeout: 5000, interval: 5 }).toBe(1);
      await workers.kill('recognise');
      await client.send({ type: 'end' });
      await client.until('done');
      expect(wordErrorRate(SENTENCE, finalsOf(client)), finalsOf(client)).toBeLessThanOrEqual(0.2);
    } finally {
      workers.stop();
    }
  });

  it('refuses one stream too many, and takes it when another has left', async () => {
    const three = Array.from({ length: MAX_STREAMS }, open);
    for (const client of three) await client.send(CONFIG);
    await Promise.all(three.map((client) => client.until('ready')));
    const refused = open();
    const { code } = await refused.closed;
    expect(code).toBe(1013);
    expect(refused.of('error')[0]).toMatchObject({ code: 'overloaded', retryable: true });
    three[0]?.terminate();
    await expect
      .poll(async () => {
        const next = open();
        const won = await Promise.race([
          next.send(CONFIG).then(() => next.until('ready')),
          next.closed,
        ]).catch(() => undefined);
        return won !== undefined && 'streamId' in won;
      })
      .toBe(true);
    for (const client of clients) client.terminate();
  });
});

describe('/v1/stream, bad input', () => {
  const refused = async (...frames: (string | Uint8Array | object)[]) => {
    const client = open();
    for (const frame of frames) await client.send(frame);
    const { code } = await client.closed;
    return { close: code, error: client.of('error')[0] };
  };

  it.each([
    ['text that is not JSON', 1007, 'bad-message', ['{']],
    ['an unknown message', 1007, 'bad-message', [{ type: 'hello' }]],
    ['audio first', 1008, 'bad-message', [new Uint8Array(640)]],
    ['a second config', 1003, 'bad-message', [CONFIG, CONFIG]],
    ['a rate of 11 Hz', 1007, 'bad-message', [{ type: 'config', sampleRate: 11 }]],
    ['an odd number of bytes', 1007, 'bad-audio', [CONFIG, new Uint8Array(641)]],
    ['a frame of 2 MiB', 1009, 'bad-audio', [CONFIG, new Uint8Array(2 << 20)]],
    ['audio after the end', 1003, 'bad-message', [CONFIG, { type: 'end' }, new Uint8Array(640)]],
  ])('refuses %s', async (_name, close, code, frames) => {
    const result = await refused(...frames);
    expect(result).toMatchObject({ close, error: { code, fatal: true } });
  });

  it('cuts off a frame of 100 MB', async () => {
    const { close } = await refused(CONFIG, new Uint8Array(100 << 20));
    expect([1006, 1009]).toContain(close);
  });

  it('forgets a client that vanishes in the middle of a word', async () => {
    const workers = watchEngineWorkers();
    try {
      const client = open();
      await client.send(CONFIG);
      await client.until('ready');
      await client.speak(speech.subarray(0, 20_000), 16_000, false);
      client.terminate();
      await expect.poll(() => workers.calls('close'), { timeout: 5000 }).toBe(1);
    } finally {
      workers.stop();
    }
  });

  it('answers a plain GET with an error, not a crash', async () => {
    const response = await fetch(`${endpoint.url}/v1/stream`);
    expect(response.status).toBe(404);
    await response.arrayBuffer();
    const socket = new WebSocket(`${endpoint.url.replace('http', 'ws')}/v1/nowhere`);
    await new Promise((resolve) => socket.once('error', resolve));
  });
});
