import '../../support/framework-logger.js';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isAPIError, stt } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import wavefile from 'wavefile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CustomHTTPSTTAdapter,
  type CustomHTTPSTTOptions,
} from '../../../adapters/stt/custom-http-stt-adapter.js';
import { ScriptedHttpServer, type HttpScript } from '../../fakes/scripted-http-server.js';
import { watchForLeaks } from '../../support/leaks.js';

const question = new wavefile.WaveFile(
  readFileSync(new URL('../../fixtures/question-capital.wav', import.meta.url)),
);
const speech = new Int16Array(question.getSamples(false, Int16Array));

let server: ScriptedHttpServer | undefined;
let adapter: CustomHTTPSTTAdapter | undefined;
let checkLeaks: () => Promise<void>;
const errors: { error: Error; recoverable: boolean }[] = [];
beforeEach(() => {
  checkLeaks = watchForLeaks();
  errors.length = 0;
});
afterEach(async () => {
  await adapter?.close();
  await expect.poll(() => server?.openSockets ?? 0).toBe(0);
  await server?.stop();
  await checkLeaks();
});

const start = async (script: HttpScript, options: Partial<CustomHTTPSTTOptions> = {}) => {
  server = await ScriptedHttpServer.start(script);
  adapter = new CustomHTTPSTTAdapter({ endpointUrl: server.url, apiKey: 'secret-key', ...options });
  adapter.on('error', (error) => errors.push(error));
  return { adapter, server };
};

const json = (text: string): string => JSON.stringify({ text });
const tone = (sampleRate: number, channels = 1): AudioFrame =>
  new AudioFrame(new Int16Array(sampleRate * channels).fill(500), sampleRate, channels, sampleRate);

/** The WAV inside a multipart body. */
const wavOf = (body: Buffer): wavefile.WaveFile => {
  const at = body.indexOf('RIFF');
  return new wavefile.WaveFile(body.subarray(at, at + 8 + body.readUInt32LE(at + 4)));
};

/** Speaks the question `times` times with a pause after each. */
const ask = async (stream: stt.SpeechStream, times: number): Promise<stt.SpeechEvent[]> => {
  const events: stt.SpeechEvent[] = [];
  const reading = (async () => {
    for await (const event of stream) events.push(event);
  })();
  const silence = new Int16Array(16_000);
  for (let n = 0; n < times; n += 1) {
    for (const pcm of [speech, silence]) {
      for (let at = 0; at + 320 <= pcm.length; at += 320) {
        // Views into one buffer, as the framework's own parts hand them out.
        stream.pushFrame(new AudioFrame(pcm.subarray(at, at + 320), 16_000, 1, 320));
      }
    }
    await delay(100);
  }
  stream.endInput();
  await reading;
  return events;
};
const texts = (events: readonly stt.SpeechEvent[]): (string | undefined)[] =>
  events
    .filter((e) => e.type === stt.SpeechEventType.FINAL_TRANSCRIPT)
    .map((e) => e.alternatives?.[0].text);

describe('one recording', () => {
  it.each([
    [8000, 1],
    [16_000, 1],
    [44_100, 1],
    [48_000, 2],
  ])('of %i Hz and %i channels is sent as 16 kHz mono WAV', async (rate, channels) => {
    const { adapter, server } = await start((r) => r.end(json(' Hello there. ')), {
      model: 'whisper-1',
      language: 'en-US',
    });
    const event = await adapter.recognize(tone(rate, channels));
    expect(event.alternatives?.[0]).toMatchObject({ text: 'Hello there.', language: 'en-US' });
    const request = server.requests[0];
    expect(request?.headers.authorization).toBe('Bearer secret-key');
    const body = request?.body.toString('latin1') ?? '';
    expect(body).toContain('filename="audio.wav"');
    for (const field of ['whisper-1', 'en-US', 'json']) expect(body).toContain(field);
    const wav = wavOf(request?.body ?? Buffer.alloc(0));
    expect(wav.fmt).toMatchObject({ sampleRate: 16_000, numChannels: 1, bitsPerSample: 16 });
    const samples = wav.getSamples(false, Int16Array) as unknown as Int16Array;
    expect(Math.abs(samples.length - 16_000)).toBeLessThan(32);
    expect(Math.abs((samples[8000] ?? 0) - 500)).toBeLessThan(10);
  });

  it('keeps its connection for the next one', async () => {
    const { adapter, server } = await start((r) => r.end(json('a')));
    for (let i = 0; i < 3; i += 1) {
      await adapter.recognize(tone(16_000));
      await delay(20);
    }
    expect(server.openSockets).toBe(1);
  });

  it('reads word times, languages and plain text', async () => {
    const words = [{ word: 'hi', start: 0.5, end: 0.75 }];
    const { adapter } = await start((r, n) => {
      if (n === 0) r.end(JSON.stringify({ text: 'hi', language: 'english', words, duration: 1 }));
      else r.writeHead(200, { 'content-type': 'text/plain' }).end('plain words\n');
    });
    const first = (await adapter.recognize(tone(16_000))).alternatives?.[0];
    expect(first?.words?.[0]).toMatchObject({ text: 'hi', startTime: 0.5, endTime: 0.75 });
    expect(first?.language).toBe('en');
    const second = (await adapter.recognize(tone(16_000))).alternatives?.[0];
    expect(second?.text).toBe('plain words');
  });

  it('survives bytes that are not UTF-8', async () => {
    const { adapter } = await start((r) =>
      r.end(
        Buffer.concat([
          Buffer.from('{"text":"caf'),
          Buffer.from([0xe9]),
          Buffer.from(' au lait"}'),
        ]),
      ),
    );
    const event = await adapter.recognize(tone(16_000));
    expect(event.alternatives?.[0].text).toBe('caf\uFFFD au lait');
  });

  it('of no samples asks nothing', async () => {
    const { adapter, server } = await start((r) => r.end(json('a')));
    const event = await adapter.recognize(new AudioFrame(new Int16Array(0), 16_000, 1, 0));
    expect(event.alternatives?.[0].text).toBe('');
    expect(server.requests).toHaveLength(0);
  });
});

describe('failures', () => {
  const lasting: [string, HttpScript, string][] = [
    ['401', (r) => r.writeHead(401).end('your key secret-key is bad'), 'unauthorized'],
    ['400', (r) => r.writeHead(400).end('{"error":{"message":"no such model"}}'), 'rejected'],
    ['HTML', (r) => r.end('<html>Welcome to nginx</html>'), 'bad-response'],
    ['broken JSON', (r) => r.end('{"text":'), 'bad-response'],
    ['JSON without text', (r) => r.end('{"transcript":"x"}'), 'bad-response'],
    ['a huge body', (r) => r.end('x'.repeat(3 << 20)), 'response-too-large'],
  ];
  it.each(lasting)('%s: thrown at once, not repeated', async (_name, script, code) => {
    const { adapter, server } = await start(script);
    const at = performance.now();
    const error: unknown = await adapter.recognize(tone(16_000)).catch((e: unknown) => e);
    expect(performance.now() - at).toBeLessThan(1000);
    expect(isAPIError(error)).toBe(true);
    expect(error).toMatchObject({ code, retryable: false });
    expect((error as Error).message).not.toContain('secret-key');
    expect(server.requests).toHaveLength(1);
  });

  const passing: [string, HttpScript][] = [
    ['503', (r) => r.writeHead(503).end()],
    ['500', (r) => r.writeHead(500).end()],
    ['429', (r) => r.writeHead(429, { 'retry-after': '0' }).end()],
    ['a reset', (r) => r.socket?.resetAndDestroy()],
    ['an empty body', (r) => r.end()],
    [
      'a body that breaks off',
      (r) => {
        r.writeHead(200, { 'content-length': '100' }).write('{"te');
        setTimeout(() => r.socket?.destroy(), 20);
      },
    ],
  ];
  it.each(passing)('%s: repeated', async (_name, script) => {
    const { adapter, server } = await start((r, n, q) =>
      n < 2 ? script(r, n, q) : void r.end(json('ok')),
    );
    const event = await adapter.recognize(tone(16_000));
    expect(event.alternatives?.[0].text).toBe('ok');
    expect(server.requests).toHaveLength(3);
  });

  it('honours Retry-After, and does not wait in vain for one that is too long', async () => {
    const { adapter, server } = await start((r, n) => {
      if (n === 0) r.writeHead(429, { 'retry-after': '1' }).end();
      else if (n === 2) r.writeHead(503, { 'retry-after': '50' }).end();
      else r.end(json('ok'));
    });
    await adapter.recognize(tone(16_000));
    const [first, second] = server.requests;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(990);
    const at = performance.now();
    await expect(adapter.recognize(tone(16_000))).rejects.toMatchObject({ code: 'overloaded' });
    expect(performance.now() - at).toBeLessThan(500);
  });

  it('ends within its limit when the service does not answer', async () => {
    const { adapter } = await start(() => undefined, { requestTimeoutMs: 300 });
    const at = performance.now();
    await expect(adapter.recognize(tone(16_000))).rejects.toMatchObject({
      code: 'request-timeout',
    });
    expect(performance.now() - at).toBeLessThan(600);
  });

  it('ends at once when the caller withdraws', async () => {
    const { adapter, server } = await start(() => undefined);
    const controller = new AbortController();
    const running = adapter.recognize(tone(16_000), controller.signal);
    setTimeout(() => {
      controller.abort();
    }, 50);
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    await expect.poll(() => server.running).toBe(0);
  });
});

describe('a stream over requests', () => {
  it('recognises each utterance once, in order, with its own audio', async () => {
    const { adapter, server } = await start(async (r, n) => {
      await delay(n === 0 ? 200 : 10);
      r.end(json(`utterance ${n + 1}`));
    });
    expect(adapter.capabilities).toMatchObject({ streaming: true, interimResults: false });
    const events = await ask(adapter.stream(), 3);
    expect(texts(events)).toEqual(['utterance 1', 'utterance 2', 'utterance 3']);
    expect(server.mostAtOnce).toBe(1);
    const types = events.map((e) => e.type);
    expect(types.filter((t) => t === stt.SpeechEventType.START_OF_SPEECH)).toHaveLength(3);
    expect(types.filter((t) => t === stt.SpeechEventType.END_OF_SPEECH)).toHaveLength(3);
    for (const { body } of server.requests) {
      const sent = wavOf(body).getSamples(false, Int16Array) as unknown as Int16Array;
      // The whole question is in it, unchanged: nothing overwritten, nothing repeated.
      const probe = speech.subarray(8000, 8050);
      let found = 0;
      for (let at = 0; at + 50 <= sent.length; at += 1) {
        if (probe.every((sample, i) => sent[at + i] === sample)) found += 1;
      }
      expect(found).toBe(1);
    }
    const times = events
      .filter((e) => e.type === stt.SpeechEventType.FINAL_TRANSCRIPT)
      .map((e) => e.alternatives?.[0].startTime ?? 0);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('loses one utterance to a lasting failure, says so, and goes on', async () => {
    const { adapter } = await start((r, n) => {
      if (n === 1) r.writeHead(400).end('cannot');
      else r.end(json(`utterance ${n + 1}`));
    });
    expect(texts(await ask(adapter.stream(), 3))).toEqual(['utterance 1', 'utterance 3']);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ recoverable: true, error: { code: 'rejected' } });
  });

  it('loses none to a service that is busy one time in two', async () => {
    const { adapter } = await start((r, n) => {
      if (n % 2 === 0) r.writeHead(503).end();
      else r.end(json(`utterance ${(n + 1) / 2}`));
    });
    expect(texts(await ask(adapter.stream(), 3))).toEqual([
      'utterance 1',
      'utterance 2',
      'utterance 3',
    ]);
    expect(errors).toEqual([]);
  });

  it('publishes no empty final, and nothing for silence', async () => {
    const { adapter, server } = await start((r) => r.end(json('  ')));
    expect(texts(await ask(adapter.stream(), 1))).toEqual([]);
    const stream = adapter.stream();
    for (let i = 0; i < 100; i += 1)
      stream.pushFrame(new AudioFrame(new Int16Array(320), 16_000, 1, 320));
    stream.endInput();
    expect((await stream.next()).done).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  it('closed in the middle leaves nothing running', async () => {
    const { adapter, server } = await start(() => undefined);
    const stream = adapter.stream();
    const events = ask(stream, 1).catch(() => undefined);
    await expect.poll(() => server.running).toBe(1);
    stream.close();
    await events;
    await expect.poll(() => server.running).toBe(0);
    expect(errors).toEqual([]);
  });
});

describe('a subclass for another format', () => {
  class AcmeSTT extends CustomHTTPSTTAdapter {
    protected override async sendAudioChunk(wav: Uint8Array, signal: AbortSignal): Promise<string> {
      const body = new Uint8Array(wav);
      const response = await fetch(this.endpointUrl, { method: 'POST', body, signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return ((await response.json()) as { result: { words: string } }).result.words;
    }
  }
  it('sends what it likes, and its network errors are repeated', async () => {
    server = await ScriptedHttpServer.start((r, n) => {
      if (n === 0) r.socket?.resetAndDestroy();
      else
        r.setHeader('connection', 'close').end(JSON.stringify({ result: { words: 'own format' } }));
    });
    adapter = new AcmeSTT({ endpointUrl: server.url });
    const event = await adapter.recognize(tone(16_000));
    expect(event.alternatives?.[0].text).toBe('own format');
    expect(server.requests).toHaveLength(2);
  });
  it('that throws is reported as its own fault', async () => {
    server = await ScriptedHttpServer.start((r) =>
      r.setHeader('connection', 'close').end('{"other":1}'),
    );
    adapter = new AcmeSTT({ endpointUrl: server.url });
    await expect(adapter.recognize(tone(16_000))).rejects.toMatchObject({ code: 'internal' });
  });
  it.each(['ftp://x/y', 'nonsense'])('needs an HTTP address, not %s', (endpointUrl) => {
    expect(() => new CustomHTTPSTTAdapter({ endpointUrl })).toThrow(/endpointUrl must be/);
  });
});
