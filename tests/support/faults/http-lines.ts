import type { ServerResponse } from 'node:http';
import { AudioFrame } from '@livekit/rtc-node';
import { FallbackSTT } from '../../../adapters/fallback/fallback-stt.js';
import { CustomHTTPSTTAdapter } from '../../../adapters/stt/custom-http-stt-adapter.js';
import { ScriptedHttpServer } from '../../fakes/scripted-http-server.js';
import type { FaultLine, Outcome } from './fault-line.js';

const UTTERANCES = 10;

const frames = (ms: number): AudioFrame =>
  new AudioFrame(new Int16Array((16_000 * ms) / 1000).fill(500), 16_000, 1, (16_000 * ms) / 1000);

/** Recognises ten recordings one after the other; how many come back, and what the last error was. */
const recognise = async (
  answer: (response: ServerResponse, n: number) => void,
  count = UTTERANCES,
): Promise<{ recognised: number; code: string; requests: number; ms: number }> => {
  const server = await ScriptedHttpServer.start(answer);
  const instance = new CustomHTTPSTTAdapter({ endpointUrl: `${server.url}/transcribe` });
  const recogniser = new FallbackSTT({ members: [{ name: 'http', instance }] });
  const startedAt = performance.now();
  let recognised = 0;
  let code = 'none';
  try {
    for (let i = 0; i < count; i += 1) {
      try {
        const event = await recogniser.recognize(frames(500));
        if (event.alternatives?.[0].text === 'words') recognised += 1;
      } catch (error) {
        code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      }
    }
    const ms = performance.now() - startedAt;
    return { recognised, code, requests: server.requests.length, ms };
  } finally {
    await recogniser.close();
    await server.stop();
  }
};

const well = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"text":"words"}');
};

const all = ({ recognised }: { recognised: number }): Outcome => ({
  text: `${UTTERANCES - recognised} of ${UTTERANCES} utterances lost`,
  ok: recognised === UTTERANCES,
});

/** The lines about recognition by requests. */
export const httpLines = (): FaultLine[] => [
  {
    name: 'HTTP: one 503 in five',
    target: '0 utterances lost',
    quick: true,
    ours: async () =>
      all(
        await recognise((response, n) => {
          if (n % 5 === 1) response.writeHead(503).end();
          else well(response);
        }),
      ),
  },
  {
    name: 'HTTP: 429 with Retry-After 1',
    target: '0 utterances lost, the wait kept',
    quick: true,
    ours: async () => {
      const result = await recognise((response, n) => {
        if (n === 3) response.writeHead(429, { 'retry-after': '1' }).end();
        else well(response);
      });
      const { text, ok } = all(result);
      return { text, ok: ok && result.ms >= 1000 };
    },
  },
  {
    name: 'HTTP: a reset in every fourth request',
    target: '0 utterances lost',
    quick: true,
    ours: async () =>
      all(
        await recognise((response, n) => {
          if (n % 4 === 2) response.socket?.resetAndDestroy();
          else well(response);
        }),
      ),
  },
  {
    name: 'HTTP: 401',
    target: 'a clear error within 1 s, no retry',
    quick: true,
    ours: async () => {
      const { code, requests, ms } = await recognise((response) => {
        response.writeHead(401).end('{"error":"bad key"}');
      }, 1);
      return {
        text: `${code} after ${Math.round(ms)} ms, ${requests} request(s)`,
        ok: code === 'unauthorized' && requests === 1 && ms < 1000,
      };
    },
  },
];
