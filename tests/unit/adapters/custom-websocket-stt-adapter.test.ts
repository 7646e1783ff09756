import '../../support/framework-logger.js';
import { stt } from '@livekit/agents';
import { afterEach, describe, expect, it } from 'vitest';
import { CustomWebSocketSTTAdapter } from '../../../adapters/stt/custom-websocket-stt-adapter.js';
import { ScriptedSpeechServer, type ConnectionScript } from '../../fakes/scripted-speech-server.js';
import { pushIndexed } from '../../support/indexed-audio.js';
import { indexedSpeechFrame } from '../../support/indexed-speech.js';

let server: ScriptedSpeechServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const collect = async (stream: stt.SpeechStream): Promise<stt.SpeechEvent[]> => {
  const events: stt.SpeechEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
};

const finalsOf = (events: readonly stt.SpeechEvent[]): stt.SpeechData[] =>
  events
    .filter((event) => event.type === stt.SpeechEventType.FINAL_TRANSCRIPT)
    .flatMap((event) => event.alternatives ?? []);

const transcribed = (events: readonly stt.SpeechEvent[]): number[] =>
  finalsOf(events).flatMap((final) => final.text.split(' ').map(Number));

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** 12 s of speech at 20 times real time through a service that behaves as scripted. */
const speak = async (
  script: (connection: number) => ConnectionScript,
  options: { frames?: number; speed?: number } = {},
) => {
  server = await ScriptedSpeechServer.start(script);
  const adapter = new CustomWebSocketSTTAdapter({ wsUrl: server.url, apiKey: 'secret-key' });
  const errors: { error: Error; recoverable: boolean }[] = [];
  adapter.on('error', (error) => errors.push(error));
  const stream = adapter.stream();
  const events = collect(stream);
  await pushIndexed(
    (frame) => {
      stream.pushFrame(frame);
    },
    1,
    options.frames ?? 600,
    options.speed ?? 20,
    // Speech, because silence is not replayed.
    indexedSpeechFrame,
  );
  stream.endInput();
  return { events: await events, errors, server };
};

describe('a stream over a good connection', () => {
  it('delivers and transcribes every frame once, on the right clock', async () => {
    const { events, errors, server } = await speak(() => ({}));
    expect(errors).toEqual([]);
    expect(transcribed(events)).toEqual(upTo(600));
    expect(server.records).toHaveLength(1);
    expect(server.records[0]?.headers.authorization).toBe('Bearer secret-key');
    expect(server.records[0]?.messages[0]).toMatchObject({ type: 'config', sampleRate: 16000 });
    for (const final of finalsOf(events)) {
      for (const word of final.words ?? []) {
        expect(word.startTime).toBeCloseTo((Number(word.text) - 1) * 0.02, 2);
      }
    }
    const usage = events.filter((e) => e.type === stt.SpeechEventType.RECOGNITION_USAGE);
    const seconds = usage.reduce((sum, e) => sum + (e.recognitionUsage?.audioDuration ?? 0), 0);
    expect(seconds).toBeCloseTo(12, 3);
    expect(events.every((e) => e.requestId !== undefined && e.requestId !== '')).toBe(true);
  });
});

describe('a connection that breaks at 5.3 s of 12 s', () => {
  const first = (n: number, script: ConnectionScript): ConnectionScript => (n === 0 ? script : {});
  it.each([
    ['1011', { drop: 1011 }],
    ['1000', { drop: 1000 }],
    ['1001', { drop: 1001 }],
    ['TCP reset', { drop: 'reset' as const }],
    ['1011, no final yet', { drop: 1011, finalEveryMs: 100_000 }],
    ['half-open', { drop: 'freeze' as const }],
  ])('loses nothing and repeats nothing: %s', async (_name, script) => {
    const { events, errors, server } = await speak((n) => first(n, { dropAtMs: 5300, ...script }));
    expect(transcribed(events)).toEqual(upTo(600));
    expect(server.records).toHaveLength(2);
    expect(errors.every((e) => e.recoverable)).toBe(true);
    expect(errors).toHaveLength(1);
    const words = finalsOf(events).flatMap((final) => final.words ?? []);
    for (const word of words) {
      expect(Math.abs((word.startTime ?? 0) - (Number(word.text) - 1) * 0.02)).toBeLessThan(0.051);
    }
  });

  it('five times in one utterance', async () => {
    const { events } = await speak((n) => (n < 5 ? { dropAtMs: 1700, finalEveryMs: 700 } : {}));
    expect(transcribed(events)).toEqual(upTo(600));
  });
});
