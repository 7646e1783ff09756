import '../../support/framework-logger.js';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { isAPIError, tts, type TTSMetrics } from '@livekit/agents';
import { afterEach, describe, expect, it } from 'vitest';
import {
  CustomHTTPTTSAdapter,
  type CustomHTTPTTSOptions,
} from '../../../adapters/tts/streaming-http-tts-adapter.js';
import { encodeWav } from '../../../adapters/audio/wav.js';
import { ScriptedHttpServer, type HttpScript } from '../../fakes/scripted-http-server.js';

let server: ScriptedHttpServer | undefined;
let adapter: CustomHTTPTTSAdapter | undefined;
const errors: { error: Error; recoverable: boolean }[] = [];
const metrics: TTSMetrics[] = [];
afterEach(async () => {
  await adapter?.close();
  // What the adapter opened is closed with it.
  await expect.poll(() => server?.openSockets ?? 0).toBe(0);
  await server?.stop();
  errors.length = 0;
  metrics.length = 0;
});

const start = async (script: HttpScript, options: Partial<CustomHTTPTTSOptions> = {}) => {
  server = await ScriptedHttpServer.start(script);
  adapter = new CustomHTTPTTSAdapter({
    endpointUrl: `${server.url}/v1/audio/speech`,
    apiKey: 'secret-key',
    voice: 'anna',
    ...options,
  });
  adapter.on('error', (error) => errors.push(error));
  adapter.on('metrics_collected', (metric) => metrics.push(metric));
  return { adapter, server };
};

const inputOf = (body: Buffer): string =>
  (JSON.parse(body.toString('utf8')) as { input: string }).input;

/** `ms` of audio at 24 kHz in which every sample is `value`. */
const tone = (ms: number, value: number): Buffer =>
  Buffer.from(new Int16Array((24_000 * ms) / 1000).fill(value).buffer);

interface Spoken {
  frames: tts.SynthesizedAudio[];
  samples: number[];
  ends: number;
  text: string;
}
const speak = async (stream: tts.SynthesizeStream, ...texts: string[]): Promise<Spoken> => {
  const frames: tts.SynthesizedAudio[] = [];
  let ends = 0;
  const reading = (async () => {
    for await (const item of stream) {
      if (item === tts.SynthesizeStream.END_OF_STREAM) ends += 1;
      else frames.push(item);
    }
  })();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- what updateInputStream calls too
  for (const text of texts) stream.pushText(text);
  stream.endInput();
  await reading;
  return {
    frames,
    ends,
    samples: frames.flatMap((f) => [...f.frame.data]),
    text: frames.map((f) => f.deltaText ?? '').join(''),
  };
};

const SENTENCES =
  'First sentence is spoken at once. The second sentence follows it. Third one here, to end.';
const ok = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'audio/pcm' });

describe('speaking while text is written', () => {
  it('speaks each piece once, in order, with text, one final and one end', async () => {
    const { adapter, server } = await start((response, n) => {
      ok(response).end(tone(200, n + 1));
    });
    const spoken = await speak(adapter.stream(), ...SENTENCES.split(/(?= )/));
    expect(server.requests.map((r) => inputOf(r.body))).toEqual([
      'First sentence is spoken at once.',
      'The second sentence follows it.',
      'Third one here, to end.',
    ]);
    expect(server.requests[0]?.headers.authorization).toBe('Bearer secret-key');
    expect(JSON.parse(server.requests[0]?.body.toString() ?? '')).toEqual({
      input: 'First sentence is spoken at once.',
      voice: 'anna',
      response_format: 'pcm',
    });
    expect(spoken.samples).toEqual([1, 2, 3].flatMap((v) => Array<number>(4800).fill(v)));
    expect(spoken.text).toBe(SENTENCES);
    expect(spoken.ends).toBe(1);
    expect(spoken.frames.filter((f) => f.final)).toHaveLength(1);
    expect(spoken.frames.at(-1)?.final).toBe(true);
    expect(spoken.frames.every((f) => f.frame.data.byteOffset === 0)).toBe(true);
    expect(metrics).toHaveLength(1);
    expect(metrics[0]).toMatchObject({ charactersCount: SENTENCES.length, audioDurationMs: 600 });
    const starts = spoken.frames.flatMap((f) => f.timedTranscripts?.map((t) => t.startTime) ?? []);
    expect(starts).toEqual([0, 0.2, 0.4]);
    expect(server.mostAtOnce).toBeLessThanOrEqual(2);
  });

  it('plays the first 20 ms before the body is complete', async () => {
    let firstByteAt = 0;
    const { adapter } = await start(async (response) => {
      ok(response);
      await delay(50);
      firstByteAt = performance.now();
      for (let i = 0; i < 10; i += 1) {
        response.write(tone(100, 1));
        await delay(40);
      }
      response.end();
    });
    const stream = adapter.stream();
    let firstFrameAt = 0;
    const reading = (async () => {
      for await (const item of stream) {
        if (item !== tts.SynthesizeStream.END_OF_STREAM && firstFrameAt === 0) {
          firstFrameAt = performance.now();
        }
      }
    })();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- what updateInputStream calls too
    stream.pushText('Hello there, my friend.');
    stream.endInput();
    await reading;
    const lagMs = firstFrameAt - firstByteAt;
    if (process.env.MEASURE) console.log(`first frame ${lagMs.toFixed(1)} ms after first byte`);
    expect(lagMs).toBeLessThan(150);
  });

  it('puts samples together that were split between parts', async () => {
    const body = Buffer.from(Int16Array.from({ length: 2400 }, (_, i) => i).buffer);
    const { adapter } = await start(async (response) => {
      ok(response);
      for (let at = 0; at < body.length; at += 333) {
        response.write(body.subarray(at, at + 333));
        await delay(1);
      }
      response.end();
    });
    const spoken = await speak(adapter.stream(), 'Hello.');
    expect(spoken.samples).toEqual(Array.from({ length: 2400 }, (_, i) => i));
  });

  it('plays a WAV answer at its own rate, whatever the parts', async () => {
    const wav = Buffer.concat([
      encodeWav(new Int16Array(16_000).fill(1000), 16_000),
      Buffer.from('LIST\x04\x00\x00\x00INFO'),
    ]);
    const { adapter } = await start(async (response) => {
      response.writeHead(200, { 'content-type': 'audio/wav' });
      for (const end of [3, 17, 45, wav.length]) {
        response.write(wav.subarray([0, 3, 17, 45][[3, 17, 45, wav.length].indexOf(end)], end));
        await delay(2);
      }
      response.end();
    });
    const spoken = await speak(adapter.stream(), 'Hello.');
    expect(Math.abs(spoken.samples.length - 24_000)).toBeLessThan(200);
    expect(spoken.samples.slice(5000, 5010).every((s) => Math.abs(s - 1000) < 5)).toBe(true);
    expect(spoken.frames.every((f) => f.frame.sampleRate === 24_000)).toBe(true);
  });

  it.each([['', '   ', '\n'], ['🙂🎉'], ['… — !']])(
    'asks nothing for text without words',
    async (...texts) => {
      const { adapter, server } = await start((response) => {
        ok(response).end(tone(100, 1));
      });
      const spoken = await speak(adapter.stream(), ...texts.filter((t) => t !== ''), ' ');
      expect(server.requests).toHaveLength(0);
      expect(spoken.frames).toHaveLength(0);
      expect(errors).toEqual([]);
    },
  );
});

describe('a service that fails', () => {
  it('repeats a request of which nothing was heard, and says nothing twice', async () => {
    const { adapter, server } = await start((response, n) => {
      if (n === 0) response.writeHead(503).end('busy');
      else if (n === 1) response.socket?.resetAndDestroy();
      else ok(response).end(tone(100, n));
    });
    const spoken = await speak(adapter.stream(), 'Hello there.');
    expect(server.requests).toHaveLength(3);
    expect(spoken.samples).toEqual(Array<number>(2400).fill(2));
    expect(errors).toEqual([]);
  });

  it('repeats a piece that broke off in the middle without what was heard of it', async () => {
    const { adapter, server } = await start(async (response, n) => {
      ok(response).write(tone(100, n + 1));
      await delay(60);
      if (n === 1) response.socket?.resetAndDestroy();
      else response.end();
    });
    const spoken = await speak(adapter.stream(), SENTENCES);
    expect(server.requests).toHaveLength(4);
    // The last request repeats the second, all of which was heard; the third was on its way by then.
    expect([...new Set(spoken.samples)]).toEqual([1, 2, 3]);
    expect(spoken.samples).toHaveLength(3 * 2400);
    expect(errors).toEqual([]);
  });

  const cases: [string, HttpScript, string][] = [
    ['401', (r) => r.writeHead(401).end('{"error":"bad key secret-key"}'), 'unauthorized'],
    ['404', (r) => r.writeHead(404).end('nope'), 'rejected'],
    ['500', (r) => r.writeHead(500).end(), 'server-error'],
    [
      'mp3',
      (r) => r.writeHead(200, { 'content-type': 'audio/mpeg' }).end('ID3…'),
      'unsupported-audio',
    ],
    ['mp3 under another name', (r) => ok(r).end('ID3 and so on'), 'unsupported-audio'],
    [
      'JSON',
      (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}'),
      'bad-response',
    ],
    [
      'HTML',
      (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'bad-response',
    ],
    ['an empty body', (r) => ok(r).end(), 'empty-response'],
    [
      'float WAV',
      (r) => {
        const wav = Buffer.from(encodeWav(new Int16Array(100), 24_000));
        wav.writeUInt16LE(3, 20);
        r.writeHead(200, { 'content-type': 'audio/wav' }).end(wav);
      },
      'unsupported-audio',
    ],
    ['no answer', () => undefined, 'first-byte-timeout'],
    [
      'headers and nothing else',
      (r) => {
        ok(r).flushHeaders();
      },
      'first-byte-timeout',
    ],
    [
      'a stall',
      (r) => {
        ok(r).write(tone(100, 1));
      },
      'stalled',
    ],
  ];
  it.each(cases)('is one clear error: %s', async (_name, script, code) => {
    const { adapter } = await start(
      (r, n, q) => {
        void script(r, n, q);
      },
      {
        firstByteTimeoutMs: 150,
        stallTimeoutMs: 150,
        maxRetries: 1,
      },
    );
    const spoken = await speak(
      adapter.stream({ connOptions: { maxRetry: 3, retryIntervalMs: 10, timeoutMs: 1000 } }),
      'Hello there.',
    );
    expect(errors).toHaveLength(1);
    const error = errors[0]?.error;
    expect(isAPIError(error)).toBe(true);
    expect(error).toMatchObject({ code });
    expect(error?.message).not.toContain('secret-key');
    expect(spoken.ends).toBe(code === 'stalled' ? 1 : 0);
    // The same without streaming, and no rejection that nobody handles.
    const chunked = adapter.synthesize('Hello there.');
    let frames = 0;
    while ((await chunked.next()).done !== true) frames += 1;
    expect(frames > 0).toBe(code === 'stalled');
    expect(errors).toHaveLength(2);
  });

  it('reports a server that is not there', async () => {
    const { server } = await start(() => undefined, { maxRetries: 1 });
    const url = server.url;
    await server.stop();
    const gone = new CustomHTTPTTSAdapter({ endpointUrl: url, maxRetries: 1 });
    gone.on('error', (error) => errors.push(error));
    await speak(gone.stream(), 'Hello there.');
    await gone.close();
    expect(errors).toHaveLength(1);
    expect(errors[0]?.error).toMatchObject({ code: 'connect-failed' });
  });
});

describe('an interrupted reply', () => {
  it('ends the request at once', async () => {
    const { adapter, server } = await start(async (response) => {
      ok(response);
      for (let i = 0; i < 200 && !response.destroyed; i += 1) {
        response.write(tone(100, 1));
        await delay(20);
      }
    });
    const stream = adapter.stream();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- what updateInputStream calls too
    stream.pushText(SENTENCES);
    let seen = 0;
    for await (const item of stream) {
      if (item !== tts.SynthesizeStream.END_OF_STREAM) seen += 1;
      if (seen === 3) break;
    }
    const at = performance.now();
    stream.close();
    await expect.poll(() => server.running, { interval: 5 }).toBe(0);
    expect(performance.now() - at).toBeLessThan(200);
    expect(errors).toEqual([]);
  });
});
