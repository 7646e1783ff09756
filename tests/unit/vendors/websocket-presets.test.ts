import '../../support/framework-logger.js';
import { stt } from '@livekit/agents';
import { afterEach, describe, expect, it } from 'vitest';
import { CustomWebSocketSTTAdapter } from '../../../adapters/stt/custom-websocket-stt-adapter.js';
import { assemblyaiProtocol } from '../../../adapters/stt/protocols/assemblyai-protocol.js';
import { deepgramProtocol } from '../../../adapters/stt/protocols/deepgram-protocol.js';
import type { WebSocketSTTProtocol } from '../../../adapters/stt/protocols/websocket-stt-protocol.js';
import { AssemblyAIStreaming } from '../../support/fakes/assemblyai-streaming.js';
import { DeepgramLive } from '../../support/fakes/deepgram-live.js';
import type { FaultScript } from '../../support/fakes/scripted-websocket-server.js';
import { indexedFrame, pushIndexed } from '../../support/indexed-audio.js';
import { indexedSpeechFrame } from '../../support/indexed-speech.js';

interface Fake {
  readonly url: string;
  readonly records: readonly { messages: Record<string, unknown>[]; audioBytes: number[] }[];
  readonly handshakes: number;
  readonly openSockets: number;
  stop: () => Promise<void>;
}
type Start = (options: { apiKey?: string; script?: (n: number) => FaultScript }) => Promise<Fake>;

const vendors: { name: string; protocol: WebSocketSTTProtocol; start: Start }[] = [
  { name: 'deepgram', protocol: deepgramProtocol, start: (o) => DeepgramLive.start(o) },
  { name: 'assemblyai', protocol: assemblyaiProtocol, start: (o) => AssemblyAIStreaming.start(o) },
];

let fake: Fake | undefined;
afterEach(async () => {
  await fake?.stop();
  fake = undefined;
});

const upTo = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 1));

describe.each(vendors)('the $name preset', ({ protocol, start }) => {
  const open = async (script: (n: number) => FaultScript = () => ({}), apiKey = 'secret') => {
    fake = await start({ apiKey: 'secret', script });
    const adapter = new CustomWebSocketSTTAdapter({ wsUrl: fake.url, apiKey, protocol });
    const errors: { error: Error & { code?: string }; recoverable: boolean }[] = [];
    adapter.on('error', (error) => errors.push(error));
    const stream = adapter.stream();
    const events: stt.SpeechEvent[] = [];
    const reading = (async () => {
      for await (const event of stream) events.push(event);
    })();
    const push = (from: number, to: number, speed = Infinity) =>
      pushIndexed(
        (frame) => {
          stream.pushFrame(frame);
        },
        from,
        to,
        speed,
        // Silence would be settled on this machine and not replayed.
        indexedSpeechFrame,
      );
    return { fake, stream, events, errors, reading, push };
  };
  const textOf = (events: readonly stt.SpeechEvent[], type: stt.SpeechEventType): string[] =>
    events
      .filter((event) => event.type === type)
      .flatMap((event) => (event.alternatives?.[0].text ?? '').split(' '));
  const finalWords = (events: readonly stt.SpeechEvent[]): string[] =>
    textOf(events, stt.SpeechEventType.FINAL_TRANSCRIPT);

  it('hears every frame once, with its time, and interims', async () => {
    const { fake, stream, events, errors, reading, push } = await open();
    await push(1, 103);
    stream.endInput();
    await reading;
    expect(errors).toEqual([]);
    expect(finalWords(events)).toEqual(upTo(103));
    expect(textOf(events, stt.SpeechEventType.INTERIM_TRANSCRIPT).length).toBeGreaterThan(10);
    const words = events
      .filter((event) => event.type === stt.SpeechEventType.FINAL_TRANSCRIPT)
      .flatMap((event) => event.alternatives?.[0].words ?? []);
    for (const word of words) {
      expect(word.startTime).toBeCloseTo((Number(word.text) - 1) * 0.02, 2);
    }
    const shortest = Math.min(...(fake.records[0]?.audioBytes ?? [0]));
    expect(shortest).toBeGreaterThanOrEqual((protocol.minPieceMs ?? 0) * 16 * 2 || 1);
  });

  it('loses and repeats nothing when connections break', async () => {
    // Paced by the protocol: as fast as it may be.
    const { stream, events, errors, reading, push } = await open((n) =>
      n === 0
        ? { dropAtMs: 1330 }
        : n === 1
          ? { refuseWith: { status: 503 } }
          : n === 2
            ? { dropAtMs: 780, drop: 'reset' }
            : {},
    );
    await push(1, 150);
    stream.endInput();
    await reading;
    expect(finalWords(events)).toEqual(upTo(150));
    expect(errors.every(({ recoverable }) => recoverable)).toBe(true);
  });

  it('asks for the final of what was said when flushed', async () => {
    const { fake, stream, events, reading, push } = await open();
    await push(1, 14);
    stream.flush();
    await expect.poll(() => finalWords(events)).toEqual(upTo(14));
    const asked = protocol.finalizeMessage();
    expect(fake.records[0]?.messages).toContainEqual(JSON.parse(String(asked)));
    stream.close();
    await reading;
  });

  it('ends with the end of speech after a pause', async () => {
    const { stream, events, reading, push } = await open();
    await push(1, 40);
    for (let i = 0; i < 25; i += 1) stream.pushFrame(indexedFrame(0));
    await expect.poll(() => finalWords(events), { timeout: 3000 }).toEqual(upTo(40));
    await expect.poll(() => events.at(-1)?.type).toBe(stt.SpeechEventType.END_OF_SPEECH);
    expect(events[0]?.type).toBe(stt.SpeechEventType.START_OF_SPEECH);
    stream.close();
    await reading;
  });

  it('ends at once with a clear error when the key is wrong', async () => {
    const { fake, stream, errors, reading, push } = await open(undefined, 'wrong-key');
    await push(1, 5);
    await expect.poll(() => errors.filter(({ recoverable }) => !recoverable)).toHaveLength(1);
    expect(errors[0]?.error.code).toBe('unauthorized');
    expect(errors[0]?.error.message).not.toContain('wrong-key');
    expect(fake.handshakes).toBe(1);
    stream.close();
    await reading.catch(() => undefined);
    await expect.poll(() => fake.openSockets).toBe(0);
  });
});

describe('the addresses', () => {
  const settings = {
    wsUrl: 'wss://vendor.example/path?model=own&speech_model=own',
    apiKey: 'k',
    language: 'pt-BR',
    model: undefined,
    sampleRate: 8000,
  };
  it('keep what the configured one says already', () => {
    expect(Object.fromEntries(new URL(deepgramProtocol.url(settings)).searchParams)).toMatchObject({
      model: 'own',
      language: 'pt-BR',
      encoding: 'linear16',
      sample_rate: '8000',
      interim_results: 'true',
    });
    expect(new URL(assemblyaiProtocol.url(settings)).searchParams.get('speech_model')).toBe('own');
  });
  it('choose the model by the language where none is configured', () => {
    const model = (language: string | undefined) =>
      new URL(
        assemblyaiProtocol.url({ ...settings, wsUrl: 'wss://vendor.example', language }),
      ).searchParams.get('speech_model');
    expect(model(undefined)).toBe('universal-streaming-english');
    expect(model('en-GB')).toBe('universal-streaming-english');
    expect(model('es')).toBe('universal-streaming-multilingual');
  });
});
