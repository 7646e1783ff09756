import '../support/framework-logger.js';
import { stt } from '@livekit/agents';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AudioFeed } from '../../adapters/stt/audio-feed.js';
import { CustomWebSocketSTTAdapter } from '../../adapters/stt/custom-websocket-stt-adapter.js';
import { ScriptedSpeechServer, type ConnectionScript } from '../fakes/scripted-speech-server.js';
import { indexedFrame, pushIndexed } from '../support/indexed-audio.js';
import { indexedSpeechFrame } from '../support/indexed-speech.js';
import { watchForLeaks } from '../support/leaks.js';

let server: ScriptedSpeechServer;
let checkLeaks: () => Promise<void>;
const errors: { error: Error; recoverable: boolean }[] = [];
beforeEach(() => {
  checkLeaks = watchForLeaks();
  errors.length = 0;
});
afterEach(async () => {
  await expect.poll(() => server.openSockets).toBe(0);
  await server.stop();
  await checkLeaks();
});

const start = async (script: (n: number) => ConnectionScript) => {
  server = await ScriptedSpeechServer.start(script);
  const adapter = new CustomWebSocketSTTAdapter({ wsUrl: server.url });
  adapter.on('error', (error) => errors.push(error));
  return adapter;
};

const words = async (stream: stt.SpeechStream): Promise<number[]> => {
  const found: number[] = [];
  for await (const event of stream) {
    if (event.type !== stt.SpeechEventType.FINAL_TRANSCRIPT) continue;
    found.push(...(event.alternatives?.[0].text.split(' ').map(Number) ?? []));
  }
  return found;
};
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

describe('at real-time pace', () => {
  it.each<[string, (n: number) => ConnectionScript]>([
    ['a handshake of 2 s', () => ({ handshakeDelayMs: 2000 })],
    ['a handshake of 5 s', () => ({ handshakeDelayMs: 5000 })],
    [
      'a break at 2 s and four refused connections',
      (n) => (n === 0 ? { dropAtMs: 2000 } : n < 5 ? { refuseWith: { status: 503 } } : {}),
    ],
    ['a line that goes dead at 2 s', (n) => (n === 0 ? { dropAtMs: 2000, drop: 'freeze' } : {})],
  ])('nothing is lost or repeated: %s', async (_name, script) => {
    const adapter = await start(script);
    const stream = adapter.stream();
    const found = words(stream);
    await pushIndexed(
      (frame) => {
        stream.pushFrame(frame);
      },
      1,
      300,
      1,
      indexedSpeechFrame,
    );
    stream.endInput();
    expect(await found).toEqual(upTo(300));
    expect(errors.every((error) => error.recoverable)).toBe(true);
  });
});

describe('over a long time', () => {
  it('leaves nothing behind after 200 calls, however they end', async () => {
    const adapter = await start((n) => (n % 3 === 0 ? { dropAtMs: 100 } : {}));
    for (let call = 0; call < 200; call += 1) {
      const stream = adapter.stream();
      const found = words(stream);
      for (let i = 1; i <= 10; i += 1) stream.pushFrame(indexedFrame(i));
      if (call % 2 === 0) stream.close();
      else stream.endInput();
      await found;
    }
    await adapter.close();
  });

  it('holds a bounded amount of audio for a service that takes none, and counts the rest', () => {
    const feed = new AudioFeed(16_000);
    // 10 minutes of speech that nobody settles.
    for (let i = 0; i < 30_000; i += 1) feed.push(indexedFrame(i % 30_000));
    feed.end();
    const heldSeconds = (feed.buffer.end - feed.buffer.start) / 16_000;
    expect(heldSeconds).toBeLessThanOrEqual(60);
    expect(heldSeconds).toBeGreaterThan(59);
    expect(feed.buffer.droppedSamples / 16_000 + heldSeconds).toBeCloseTo(600, 3);
  });
});
