import '../../support/framework-logger.js';
import { AudioFrame } from '@livekit/rtc-node';
import { isAPIError, stt } from '@livekit/agents';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CustomWebSocketSTTAdapter,
  type CustomWebSocketSTTOptions,
} from '../../../adapters/stt/custom-websocket-stt-adapter.js';
import type { TranscriptEvent } from '../../../adapters/stt/transcript-event.js';
import { ScriptedSpeechServer, type ConnectionScript } from '../../fakes/scripted-speech-server.js';
import { indexedFrame, pushIndexed } from '../../support/indexed-audio.js';
import { watchForLeaks } from '../../support/leaks.js';

let server: ScriptedSpeechServer | undefined;
let adapter: CustomWebSocketSTTAdapter | undefined;
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

const start = async (
  script: (connection: number) => ConnectionScript,
  options: Partial<CustomWebSocketSTTOptions> = {},
) => {
  server = await ScriptedSpeechServer.start(script);
  adapter = new CustomWebSocketSTTAdapter({ wsUrl: server.url, apiKey: 'secret-key', ...options });
  adapter.on('error', (error) => errors.push(error));
  return { adapter, server };
};

const collect = async (stream: stt.SpeechStream): Promise<stt.SpeechEvent[]> => {
  const events: stt.SpeechEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
};
const textOf = (events: readonly stt.SpeechEvent[]): string =>
  events
    .filter((event) => event.type === stt.SpeechEventType.FINAL_TRANSCRIPT)
    .map((event) => event.alternatives?.[0].text)
    .join(' ');
const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).join(' ');

const say = async (adapter: stt.STT, frames = 100, speed = 20): Promise<stt.SpeechEvent[]> => {
  const stream = adapter.stream({
    connOptions: { maxRetry: 1, retryIntervalMs: 10, timeoutMs: 500 },
  });
  const events = collect(stream);
  await pushIndexed(
    (frame) => {
      stream.pushFrame(frame);
    },
    1,
    frames,
    speed,
  );
  stream.endInput();
  return await events;
};

describe('what a server may send', () => {
  const invalidUtf8 = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
  it.each<[string, (string | Uint8Array)[]]>([
    ['malformed JSON', ['{"type":', 'hello', '']],
    ['JSON that is no object', ['null', '42', '[]', '"text"']],
    ['binary where text is expected', [new Uint8Array([1, 2, 3]), invalidUtf8]],
    ['unknown kinds', ['{"type":"weather"}', '{"type":"weather"}', '{}']],
    ['known kinds with wrong fields', ['{"type":"transcript-final","text":5}', '{"type":"ack"}']],
    ['times in the future', ['{"type":"ack","receivedMs":9e9,"settledMs":9000000000}']],
  ])('goes on after %s', async (_name, greet) => {
    const { adapter, server } = await start(() => ({ greet }));
    expect(textOf(await say(adapter))).toBe(numbers(1, 100));
    expect(server.handshakes).toBe(1);
    expect(errors).toEqual([]);
  });

  it('makes a new connection after a huge message', async () => {
    const { adapter, server } = await start((n) =>
      n === 0 ? { greet: ['x'.repeat(2 << 20)] } : {},
    );
    expect(textOf(await say(adapter))).toBe(numbers(1, 100));
    expect(server.handshakes).toBe(2);
    expect(errors).toHaveLength(1);
  });
});

describe('a server that refuses', () => {
  it.each<[string, ConnectionScript, string]>([
    [
      '401 at the handshake',
      { refuseWith: { status: 401, body: 'key secret-key is bad' } },
      'unauthorized',
    ],
    ['403 at the handshake', { refuseWith: { status: 403 } }, 'unauthorized'],
    ['404 at the handshake', { refuseWith: { status: 404 } }, 'rejected'],
    [
      '1008 with a reason about the key',
      { dropAtMs: 50, drop: 1008, closeReason: 'invalid api key' },
      'unauthorized',
    ],
    ['1003', { dropAtMs: 50, drop: 1003 }, 'protocol-refused'],
    [
      'a fatal message',
      {
        greet: [
          '{"type":"error","code":"unauthorized","message":"no","fatal":true,"retryable":false}',
        ],
      },
      'unauthorized',
    ],
  ])('%s: one clear error within a second, no retry', async (_name, script, code) => {
    const { adapter, server } = await start(() => script);
    const at = performance.now();
    await say(adapter, 20);
    expect(performance.now() - at).toBeLessThan(1000);
    expect(server.handshakes).toBe(1);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.recoverable).toBe(false);
    expect(isAPIError(errors[0]?.error)).toBe(true);
    expect(errors[0]?.error).toMatchObject({ code, retryable: false });
    expect(errors[0]?.error.message).not.toContain('secret-key');
  });

  it.each<[string, ConnectionScript, Partial<CustomWebSocketSTTOptions>]>([
    ['503 at the handshake', { refuseWith: { status: 503, headers: { 'retry-after': '0' } } }, {}],
    ['429 at the handshake', { refuseWith: { status: 429 } }, {}],
    ['no answer to the handshake', { hangHandshake: true }, { connectTimeoutMs: 150 }],
    ['too many streams (1013)', { dropAtMs: 50, drop: 1013 }, {}],
  ])('%s, then accepts: nothing is lost', async (_name, script, options) => {
    const { adapter, server } = await start((n) => (n < 2 ? script : {}), options);
    expect(textOf(await say(adapter))).toBe(numbers(1, 100));
    expect(server.handshakes).toBe(3);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.recoverable).toBe(true);
  });

  it('that is not there yet: waits for it, with all audio', async () => {
    const probe = await ScriptedSpeechServer.start();
    const { port } = probe;
    await probe.stop();
    adapter = new CustomWebSocketSTTAdapter({ wsUrl: `ws://127.0.0.1:${port}/v1/stream` });
    adapter.on('error', (error) => errors.push(error));
    const stream = adapter.stream();
    const events = collect(stream);
    await pushIndexed(
      (frame) => {
        stream.pushFrame(frame);
      },
      1,
      50,
      1,
    );
    server = await ScriptedSpeechServer.start(() => ({}), port);
    stream.endInput();
    expect(textOf(await events)).toBe(numbers(1, 50));
    expect(errors).toHaveLength(1);
    expect(errors[0]?.error).toMatchObject({ code: 'connect-failed' });
  });

  it('that never comes: an end after the limit, not for ever', async () => {
    const { adapter } = await start(() => ({ mute: true }), { endTimeoutMs: 200 });
    await say(adapter, 20);
    expect(errors.at(-1)).toMatchObject({ recoverable: false, error: { code: 'request-timeout' } });
  });
});

describe('what a caller may do', () => {
  it('has its first words although the handshake is slow', async () => {
    const { adapter } = await start(() => ({ handshakeDelayMs: 500 }));
    expect(textOf(await say(adapter))).toBe(numbers(1, 100));
  });
  it('ends the input before the connection is made', async () => {
    const { adapter } = await start(() => ({ handshakeDelayMs: 200 }));
    expect(textOf(await say(adapter, 3, Infinity))).toBe('1 2 3');
  });
  it('says nothing: no connection is made', async () => {
    const { adapter, server } = await start(() => ({}));
    expect(await say(adapter, 0)).toEqual([]);
    const stream = adapter.stream();
    const events = collect(stream);
    stream.pushFrame(new AudioFrame(new Int16Array(0), 16_000, 1, 0));
    stream.flush();
    stream.endInput();
    expect(await events).toEqual([]);
    expect(server.handshakes).toBe(0);
  });
  it('closes while connecting, and in the middle', async () => {
    const { adapter, server } = await start((n) => (n === 0 ? { hangHandshake: true } : {}));
    for (const waitMs of [50, 150]) {
      const stream = adapter.stream();
      const events = collect(stream);
      stream.pushFrame(indexedFrame(1));
      await pushIndexed(
        (frame) => {
          stream.pushFrame(frame);
        },
        1,
        waitMs / 20,
        1,
      );
      stream.close();
      await events;
      await expect.poll(() => server.openSockets).toBe(0);
    }
    expect(errors).toEqual([]);
  });
  it('flushes: the service is asked for a final', async () => {
    const { adapter, server } = await start(() => ({ finalEveryMs: 100_000 }));
    const stream = adapter.stream();
    const events = collect(stream);
    await pushIndexed(
      (frame) => {
        stream.pushFrame(frame);
      },
      1,
      7,
    );
    stream.flush();
    await pushIndexed(
      (frame) => {
        stream.pushFrame(frame);
      },
      8,
      10,
    );
    stream.endInput();
    const finals = (await events).filter((e) => e.type === stt.SpeechEventType.FINAL_TRANSCRIPT);
    expect(finals.map((f) => f.alternatives?.[0].text)).toEqual([numbers(1, 7), numbers(8, 10)]);
    expect(server.records[0]?.messages.map((m) => m.type)).toEqual(['config', 'finalize', 'end']);
  });
  it('hands over stereo, other rates, and views into larger buffers', async () => {
    const { adapter, server } = await start(() => ({}));
    const stream = adapter.stream();
    const events = collect(stream);
    const stereo = new Int16Array(640).map((_, i) => (i % 2 === 0 ? 100 : 300));
    for (let i = 0; i < 25; i += 1) stream.pushFrame(new AudioFrame(stereo, 16_000, 2, 320));
    const large = new Int16Array(3000).fill(-1);
    large.fill(7, 1000, 1320);
    for (let i = 0; i < 25; i += 1) {
      stream.pushFrame(new AudioFrame(large.subarray(1000, 1320), 16_000, 1, 320));
    }
    const fast = new Int16Array(3000).fill(-1);
    fast.fill(9, 1000, 1960);
    for (let i = 0; i < 25; i += 1) {
      stream.pushFrame(new AudioFrame(fast.subarray(1000, 1960), 48_000, 1, 960));
    }
    stream.endInput();
    await events;
    const record = server.records[0];
    expect(record?.receivedSamples).toBeGreaterThan(24_000 - 200);
    expect(record?.receivedSamples).toBeLessThanOrEqual(24_000 + 200);
    expect(record?.frames).toContain(200);
    expect(record?.frames).toContain(7);
    expect(record?.frames).toContain(9);
    expect(record?.frames).not.toContain(-1);
    expect(record?.binaryMessages.every((bytes) => bytes > 0 && bytes % 2 === 0)).toBe(true);
    expect(record?.binaryMessages[0]).toBe(1600);
  });
  it('recognises a recording at once', async () => {
    const { adapter } = await start(() => ({ endDelayMs: 50 }));
    const frames = Array.from({ length: 200 }, (_, i) => indexedFrame(i + 1));
    const event = await adapter.recognize(frames);
    expect(event.alternatives?.[0].text).toBe(numbers(1, 200));
    expect(event.alternatives?.[0].endTime).toBeCloseTo(4, 1);
  });
  it('recognises a recording at a server that refuses: an error, and no event that ends a session', async () => {
    const { adapter } = await start(() => ({ refuseWith: { status: 401 } }));
    await expect(adapter.recognize(indexedFrame(1))).rejects.toMatchObject({
      code: 'unauthorized',
    });
    expect(errors).toEqual([]);
  });
  it.each([
    [{ wsUrl: 'http://x' }, /ws:\/\/ or wss:\/\//],
    [{ wsUrl: 'no address' }, /not a URL/],
    [{ wsUrl: 'ws://x', sampleRate: 100 }, /8000/],
  ])('gives options that cannot be: %j', (options, message) => {
    expect(() => new CustomWebSocketSTTAdapter(options)).toThrow(message);
  });
});

describe('a subclass for another format', () => {
  class ShoutingSTT extends CustomWebSocketSTTAdapter {
    protected override buildUrl(): string {
      return `${this.settings.wsUrl}?model=loud`;
    }
    protected override buildHeaders(): Record<string, string> {
      return { 'x-key': this.settings.apiKey ?? '' };
    }
    protected override parseMessage(
      data: string | Uint8Array,
      sentMs: number,
    ): readonly TranscriptEvent[] {
      return super
        .parseMessage(data, sentMs)
        .map((e) => (e.type === 'final' ? { ...e, text: `${e.text}!` } : e));
    }
  }
  it('changes the address, the headers and what messages mean', async () => {
    server = await ScriptedSpeechServer.start();
    adapter = new ShoutingSTT({ wsUrl: server.url, apiKey: 'k' });
    expect(textOf(await say(adapter, 10))).toBe(`${numbers(1, 10)}!`);
    expect(server.records[0]?.path).toBe('/v1/stream?model=loud');
    expect(server.records[0]?.headers['x-key']).toBe('k');
    expect(server.records[0]?.headers.authorization).toBeUndefined();
  });
});
