import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningInference } from '../../../inference/start-inference.js';
import { startTestEndpoint } from '../../support/inference-endpoint.js';
import {
  errorOf,
  postClip,
  silentPcm,
  spokenPcm,
  stereoWavOf,
  wavOf,
} from '../../support/speech-clips.js';
import { wordErrorRate } from '../../support/word-error-rate.js';

const SENTENCE = 'The weather in the mountains was cold and clear this morning.';

let endpoint: RunningInference;
let speech: Buffer;

beforeAll(async () => {
  endpoint = await startTestEndpoint();
  speech = await spokenPcm(endpoint.url, SENTENCE);
});
afterAll(async () => {
  await endpoint.close();
});

const textOf = async (response: Response): Promise<string> => {
  expect(response.status).toBe(200);
  return ((await response.json()) as { text: string }).text;
};

describe('POST /v1/audio/transcriptions', () => {
  it.each([8000, 16_000, 22_050, 44_100, 48_000])('understands a WAV of %i Hz', async (rate) => {
    const clip = wavOf(await spokenPcm(endpoint.url, SENTENCE, rate), rate);
    const text = await textOf(await postClip(endpoint.url, clip, { model: 'whisper-1' }));
    expect(wordErrorRate(SENTENCE, text), text).toBeLessThanOrEqual(0.2);
  });

  it('understands stereo', async () => {
    const clip = stereoWavOf(await spokenPcm(endpoint.url, SENTENCE, 44_100), 44_100);
    const text = await textOf(await postClip(endpoint.url, clip));
    expect(wordErrorRate(SENTENCE, text), text).toBeLessThanOrEqual(0.2);
  });

  it('gives segments and words with their times', async () => {
    const clip = wavOf(Buffer.concat([silentPcm(1000), speech]));
    const response = await postClip(endpoint.url, clip, { response_format: 'verbose_json' });
    const body = (await response.json()) as {
      duration: number;
      segments: { start: number; end: number; text: string }[];
      words: { word: string; start: number; end: number }[];
    };
    expect(body.duration).toBeCloseTo(clip.length / 32_000, 1);
    expect(body.segments.length).toBeGreaterThan(0);
    expect(wordErrorRate(SENTENCE, body.words.map(({ word }) => word).join(' '))).toBeLessThan(0.2);
    expect(body.words[0]?.start).toBeGreaterThan(0.5);
    const ends = body.words.map(({ end }) => end);
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
    expect(ends.at(-1)).toBeLessThanOrEqual(body.duration);
  });

  it.each([
    ['text', 'text/plain', /mountains/i],
    ['srt', 'application/x-subrip', /^1\n00:00:00,\d{3} --> 00:00:0\d,\d{3}\n.*mountains/i],
    ['vtt', 'text/vtt', /^WEBVTT\n\n00:00:00\.\d{3} --> /],
  ])('answers as %s', async (format, type, shape) => {
    const response = await postClip(endpoint.url, wavOf(speech), { response_format: format });
    expect(response.headers.get('content-type')).toContain(type);
    expect(await response.text()).toMatch(shape);
  });

  it('loses no sentence of a clip that is longer than the recogniser hears at once', async () => {
    const numbers = ['apples', 'bananas', 'cherries', 'dates', 'lemons', 'melons'];
    const pcm: Buffer[] = [];
    for (const fruit of numbers) {
      const sentence = `In this basket I have a great many ${fruit} from my garden, and I will sell all of them today.`;
      pcm.push(await spokenPcm(endpoint.url, sentence), silentPcm(1500));
    }
    const clip = Buffer.concat(pcm);
    expect(clip.length / 32_000).toBeGreaterThan(31);
    const text = await textOf(await postClip(endpoint.url, wavOf(clip)));
    for (const fruit of numbers) expect(text.toLowerCase()).toContain(fruit);
  });

  it('answers silence with an empty text', async () => {
    expect(await textOf(await postClip(endpoint.url, wavOf(silentPcm(3000))))).toBe('');
  });

  it('answers noise without inventing words', async () => {
    const noise = Buffer.alloc(64_000);
    for (let at = 0; at < noise.length; at += 2) {
      noise.writeInt16LE(Math.round((Math.random() - 0.5) * 1500), at);
    }
    expect(await textOf(await postClip(endpoint.url, wavOf(noise)))).toBe('');
  });

  it('keeps the words of clients apart', async () => {
    const sentences = ['I would like a cup of coffee.', 'The train leaves at seven tomorrow.'];
    const clips = await Promise.all(sentences.map((text) => spokenPcm(endpoint.url, text)));
    const texts = await Promise.all(
      clips.map(async (pcm) => textOf(await postClip(endpoint.url, wavOf(pcm)))),
    );
    texts.forEach((text, i) => {
      expect(wordErrorRate(sentences[i] ?? '', text), text).toBeLessThanOrEqual(0.2);
    });
  });
});

describe('POST /v1/audio/transcriptions, bad input', () => {
  const refused = async (wav: Uint8Array<ArrayBuffer>, fields = {}) => {
    const response = await postClip(endpoint.url, wav, fields);
    return { status: response.status, ...(await errorOf(response)) };
  };

  it('says that a file is empty', async () => {
    const error = await refused(new Uint8Array(0));
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
    expect(error.message).toContain('empty');
  });

  it('says that a WAV is truncated', async () => {
    const error = await refused(wavOf(speech).slice(0, 20_000));
    expect(error.status).toBe(400);
    expect(error.message).toContain('truncated');
    expect(error.message).toContain('19956');
  });

  it.each([
    ['a header alone', () => wavOf(Buffer.alloc(0)), /no audio/],
    ['half a header', () => wavOf(speech).slice(0, 30), /cannot be read as WAV/],
    ['an MP3', () => Uint8Array.from(Buffer.from('ID3aaaaaaaaaaaaaaaaaaaaaaaaaa')), /WAV/],
    ['a rate of 1 Hz', () => wavOf(speech, 1), /1 Hz/],
  ])('refuses %s', async (_name, make, message) => {
    const error = await refused(make());
    expect(error.status).toBe(400);
    expect(error.message).toMatch(message);
  });

  it('refuses an hour of audio before reading it', async () => {
    const hour = new Uint8Array(3600 * 32_000);
    hour.set(wavOf(speech));
    const startedMs = performance.now();
    const error = await refused(hour);
    expect(error).toMatchObject({ status: 413, code: 'request_too_large' });
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  it('refuses an hour that does not tell its length, while it is read', async () => {
    const boundary = 'x';
    const answer = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(endpoint.url);
      const socket = connect(Number(port), hostname);
      let heard = '';
      let sent = 0;
      const block = Buffer.alloc(1 << 20);
      const pump = (): void => {
        while (sent < 110 && !socket.destroyed) {
          sent += 1;
          const head = `${block.length.toString(16)}\r\n`;
          socket.write(head);
          socket.write(block);
          if (!socket.write('\r\n')) {
            socket.once('drain', pump);
            return;
          }
        }
      };
      socket.on('data', (data) => {
        heard += data.toString();
        if (heard.includes('\r\n\r\n') && heard.includes('}')) {
          socket.destroy();
          resolve(heard);
        }
      });
      socket.once('error', reject);
      const part = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n`;
      socket.write(
        `POST /v1/audio/transcriptions HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-type: multipart/form-data; boundary=${boundary}\r\n\r\n${part.length.toString(16)}\r\n${part}\r\n`,
      );
      pump();
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('refuses a clip that is small but long', async () => {
    const error = await refused(wavOf(Buffer.alloc(4000 * 2 * 16 * 60), 4000));
    expect(error.status).toBe(400);
    expect(error.message).toContain('900 s');
  });

  it.each([
    ['response_format', 'xml', /json, text, verbose_json, srt, vtt/],
    ['temperature', 'hot', /temperature/],
    ['language', 'english please', /language tag/],
    ['prompt', 'x'.repeat(3000), /2000 characters/],
  ])('refuses %s=%s', async (name, value, message) => {
    const error = await refused(wavOf(speech), { [name]: value });
    expect(error).toMatchObject({ status: 400, param: name });
    expect(error.message).toMatch(message);
  });

  it('refuses a field that is not UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('--x\r\ncontent-disposition: form-data; name="prompt"\r\n\r\n'),
      Buffer.from([0xff, 0xfe, 0xc3]),
      Buffer.from(
        '\r\n--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF\r\n--x--\r\n',
      ),
    ]);
    const response = await fetch(`${endpoint.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body,
    });
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ param: 'prompt', code: 'invalid_encoding' });
  });

  it('refuses a request without a file, and one that is not multipart', async () => {
    const form = new FormData();
    form.append('model', 'whisper-1');
    const url = `${endpoint.url}/v1/audio/transcriptions`;
    const empty = await fetch(url, { method: 'POST', body: form });
    expect(empty.status).toBe(400);
    expect((await errorOf(empty)).param).toBe('file');
    const json = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(json.status).toBe(415);
  });

  it('still answers after all of that', async () => {
    const text = await textOf(await postClip(endpoint.url, wavOf(speech)));
    expect(wordErrorRate(SENTENCE, text)).toBeLessThanOrEqual(0.2);
  });
});
