import type { stt } from '@livekit/agents';
import { STT as NativeDeepgram } from '@livekit/agents-plugin-deepgram';
import { FallbackSTT } from '../../../adapters/fallback/fallback-stt.js';
import { CustomWebSocketSTTAdapter } from '../../../adapters/stt/custom-websocket-stt-adapter.js';
import { ScriptedSpeechServer, type ConnectionScript } from '../../fakes/scripted-speech-server.js';
import { DeepgramLive } from '../fakes/deepgram-live.js';

/** A fake service that misbehaves as scripted, and a recogniser that is pointed at it. */
export interface Subject {
  readonly port: number;
  readonly handshakes: () => number;
  /** A recogniser that reaches the service at `port`: its own, or a proxy's. */
  readonly connect: (port: number) => stt.STT;
  readonly stop: () => Promise<void>;
}

/** Faults that both kinds of fake know. */
export type SubjectScript = Pick<
  ConnectionScript,
  'dropAtMs' | 'drop' | 'mute' | 'handshakeDelayMs' | 'refuseWith' | 'finalEveryMs'
>;

export type StartSubject = (script: (connection: number) => SubjectScript) => Promise<Subject>;

/** Ours, as the factory makes it: an adapter in a chain of one. */
export const startOurs: StartSubject = async (script) => {
  const server = await ScriptedSpeechServer.start(script);
  return {
    port: server.port,
    handshakes: () => server.handshakes,
    connect: (port) => {
      const wsUrl = `ws://127.0.0.1:${port}/v1/stream`;
      const instance = new CustomWebSocketSTTAdapter({ wsUrl });
      return new FallbackSTT({ members: [{ name: 'ours', instance }] });
    },
    stop: () => server.stop(),
  };
};

/** LiveKit's own plugin for Deepgram, against a fake that speaks Deepgram's protocol. */
export const startNative: StartSubject = async (script) => {
  const server = await DeepgramLive.start({ script });
  return {
    port: server.port,
    handshakes: () => server.handshakes,
    connect: (port) => new NativeDeepgram({ apiKey: 'k', baseUrl: `ws://127.0.0.1:${port}` }),
    stop: () => server.stop(),
  };
};
