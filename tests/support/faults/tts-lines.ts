import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { FallbackTTS } from '../../../adapters/fallback/fallback-tts.js';
import { CustomHTTPTTSAdapter } from '../../../adapters/tts/streaming-http-tts-adapter.js';
import { ScriptedHttpServer, type HttpScript } from '../../fakes/scripted-http-server.js';
import type { FaultLine, Outcome } from './fault-line.js';

const SENTENCES = [
  'The first sentence is about the weather of today.',
  'The second sentence is about the price of apples.',
  'The third sentence is about a train that is late.',
  'The fourth sentence says good bye to everybody here.',
];
/** Audio of one sentence: its number, so often. */
const SAMPLES = 24_000;
const PARTS = 10;

/** A service whose audio of a sentence counts its samples: what was heard is known exactly. */
const speak = async (response: ServerResponse, text: string, upTo = PARTS): Promise<void> => {
  const number = SENTENCES.findIndex((sentence) => sentence.startsWith(text.slice(0, 12))) + 1;
  response.writeHead(200, { 'content-type': 'audio/pcm' });
  for (let part = 0; part < upTo; part += 1) {
    const pcm = new Int16Array(SAMPLES / PARTS).fill(number * 100 + part);
    response.write(Buffer.from(pcm.buffer));
    await delay(20);
  }
};

const textOf = (body: Buffer): string => (JSON.parse(body.toString()) as { input: string }).input;

const run = async (first: HttpScript): Promise<Outcome> => {
  const a = await ScriptedHttpServer.start(first);
  const b = await ScriptedHttpServer.start(async (response, _n, { body }) => {
    await speak(response, textOf(body));
    response.end();
  });
  const member = (name: string, server: ScriptedHttpServer) => ({
    name,
    instance: new CustomHTTPTTSAdapter({ endpointUrl: `${server.url}/speak` }),
  });
  const voice = new FallbackTTS({ members: [member('first', a), member('second', b)] });
  try {
    const stream = voice.stream();
    const heard = new Map<number, number>();
    const reading = (async () => {
      for await (const packet of stream) {
        if (typeof packet === 'symbol') continue;
        for (const value of packet.frame.data) heard.set(value, (heard.get(value) ?? 0) + 1);
      }
    })();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the text is all here
    stream.pushText(SENTENCES.join(' '));
    stream.endInput();
    await reading;
    // Each part of each sentence, as often as it was made: no less (lost) and no more (repeated).
    const wrong = SENTENCES.flatMap((_, i) =>
      Array.from({ length: PARTS }, (__, part) => heard.get((i + 1) * 100 + part) ?? 0),
    );
    const once = wrong.filter((samples) => samples === SAMPLES / PARTS).length;
    const parts = SENTENCES.length * PARTS;
    return {
      text: `${once} of ${parts} tenths of sentences heard exactly once`,
      ok: once === parts,
    };
  } finally {
    await voice.close();
    await Promise.all([a.stop(), b.stop()]);
  }
};

const TARGET = 'every sentence exactly once';

/** The lines about voices. */
export const ttsLines = (): FaultLine[] => [
  {
    name: 'TTS: fails before the first byte',
    target: TARGET,
    quick: true,
    ours: () => run((response) => response.writeHead(503).end()),
  },
  {
    name: 'TTS: breaks off in the middle of the second sentence',
    target: TARGET,
    quick: true,
    ours: () =>
      run(async (response, n, { body }) => {
        await speak(response, textOf(body), n === 1 ? 4 : PARTS);
        if (n === 1) response.socket?.resetAndDestroy();
        else response.end();
      }),
  },
  {
    name: 'TTS: stalls for 10 s in the middle of the second sentence',
    target: TARGET,
    quick: true,
    ours: () =>
      run(async (response, n, { body }) => {
        await speak(response, textOf(body), n === 1 ? 4 : PARTS);
        if (n === 1) await delay(10_000);
        response.end();
      }),
  },
];
