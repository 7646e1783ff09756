import '../support/framework-logger.js';
import { setTimeout as delay } from 'node:timers/promises';
import { stt } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAdapterError } from '../../adapters/adapter-error.js';
import { CustomWebSocketSTTAdapter } from '../../adapters/stt/custom-websocket-stt-adapter.js';
import { earshotProtocol } from '../../adapters/stt/protocols/earshot-protocol.js';
import { ScriptedSpeechServer, type ConnectionScript } from '../fakes/scripted-speech-server.js';
import { FRAME_MS, FRAME_SAMPLES } from '../support/indexed-audio.js';
import { indexedSpeechFrame } from '../support/indexed-speech.js';
import { watchForLeaks } from '../support/leaks.js';

let server: ScriptedSpeechServer;
let checkLeaks: () => Promise<void>;
let connectedAt: number[] = [];
beforeEach(() => {
  checkLeaks = watchForLeaks();
  connectedAt = [];
});
afterEach(async () => {
  await server.stop();
  await checkLeaks();
});

const start = async (script: (n: number) => ConnectionScript): Promise<void> => {
  server = await ScriptedSpeechServer.start((n) => {
    connectedAt.push(performance.now());
    return script(n);
  });
};

/** Speaks at real-time pace through an adapter; returns what was recognised, and the errors' codes. */
const speak = async (
  adapter: CustomWebSocketSTTAdapter,
  frames: (push: (frame: AudioFrame) => void, i: number) => void,
  count: number,
): Promise<{ words: number[]; codes: string[] }> => {
  const codes: string[] = [];
  adapter.on('error', ({ error }) => codes.push(isAdapterError(error) ? error.code : 'foreign'));
  const stream = adapter.stream();
  const words: number[] = [];
  const reading = (async () => {
    for await (const event of stream) {
      if (event.type !== stt.SpeechEventType.FINAL_TRANSCRIPT) continue;
      words.push(...(event.alternatives?.[0].text.split(' ').map(Number) ?? []));
    }
  })();
  const startedAt = performance.now();
  for (let i = 1; i <= count; i += 1) {
    frames((frame) => {
      stream.pushFrame(frame);
    }, i);
    const aheadMs = i * FRAME_MS - (performance.now() - startedAt);
    if (aheadMs > 2) await delay(aheadMs);
  }
  stream.endInput();
  await reading;
  return { words, codes };
};

const silence = (): AudioFrame =>
  new AudioFrame(new Int16Array(FRAME_SAMPLES), 16_000, 1, FRAME_SAMPLES);

describe('a service that takes speech and says nothing', () => {
  it('is noticed within 4 s, and its audio goes over a new connection', async () => {
    await start((n) => (n === 0 ? { mute: true } : {}));
    const adapter = new CustomWebSocketSTTAdapter({ wsUrl: server.url });
    const { words, codes } = await speak(
      adapter,
      (push, i) => {
        push(indexedSpeechFrame(i));
      },
      300,
    );
    expect(words).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
    expect(codes).toEqual(['no-answer']);
    expect((connectedAt[1] ?? Infinity) - (connectedAt[0] ?? 0)).toBeLessThan(4000);
    await adapter.close();
  });

  it('is left alone while nobody speaks', async () => {
    await start(() => ({ mute: true }));
    const adapter = new CustomWebSocketSTTAdapter({ wsUrl: server.url, endTimeoutMs: 100 });
    const { codes } = await speak(
      adapter,
      (push) => {
        push(silence());
      },
      225,
    );
    // At the end the missing goodbye is noticed; the silence before it is no fault.
    expect(codes).not.toContain('no-answer');
    expect((connectedAt[1] ?? Infinity) - (connectedAt[0] ?? 0)).toBeGreaterThan(4000);
    await adapter.close();
  });
});

describe('a protocol that acknowledges nothing', () => {
  it('has silence settled by the voice detector here, so that only speech is replayed', async () => {
    await start((n) => (n === 0 ? { dropAtMs: 5900 } : {}));
    const adapter = new CustomWebSocketSTTAdapter({
      wsUrl: server.url,
      protocol: {
        ...earshotProtocol,
        parseMessage: (data, sentMs) =>
          earshotProtocol.parseMessage(data, sentMs).filter(({ type }) => type !== 'settled'),
      },
    });
    const { words } = await speak(
      adapter,
      (push, i) => {
        push(i > 290 ? indexedSpeechFrame(i) : silence());
      },
      350,
    );
    expect(words.filter((n) => n > 0)).toEqual(Array.from({ length: 60 }, (_, i) => i + 291));
    const replayedMs = ((server.records[1]?.receivedSamples ?? 0) / 16_000) * 1000;
    // 1.2 s of speech, the last 3 s that are not looked at yet, a margin of 1 s, and a piece.
    expect(replayedMs).toBeLessThan(5300);
    await adapter.close();
  });
});
