import { IndexedEar, SentenceEar, type FakeEar } from './fake-ear.js';
import { ScriptedWebSocketServer, type FaultScript } from './scripted-websocket-server.js';

/** An utterance of indexed audio ends after each such stretch, in ms. */
const RESULT_EVERY_MS = 500;

/**
 * vosk-server's WebSocket (github.com/alphacep/vosk-server, websocket/asr_server.py): a config
 * message, binary audio of which each message gets one reply, `{"eof" : 1}`, the last result, a close.
 */
export const startVoskServer = async (
  script: (connection: number) => FaultScript = () => ({}),
  sentences?: readonly string[],
): Promise<ScriptedWebSocketServer<FaultScript>> => {
  const server = new ScriptedWebSocketServer<FaultScript>({
    script,
    refuse: () => undefined,
    open: (connection) => {
      const earFor = (rate: number): FakeEar =>
        sentences === undefined ? new IndexedEar(rate) : new SentenceEar(rate, sentences);
      let ear = earFor(8000);
      let covered = 0;
      const result = (): void => {
        const fresh = ear.words.slice(covered);
        covered = ear.words.length;
        connection.send({
          ...(fresh.length === 0
            ? {}
            : {
                result: fresh.map(({ text, startMs, endMs }) => ({
                  conf: 1,
                  start: startMs / 1000,
                  end: endMs / 1000,
                  word: text,
                })),
              }),
          text: fresh.map(({ text }) => text).join(' '),
        });
      };
      return {
        receivedMs: () => ear.receivedMs,
        onAudio: (samples) => {
          const before = ear.receivedMs;
          ear.hear(samples);
          const due =
            Math.floor(ear.receivedMs / RESULT_EVERY_MS) > Math.floor(before / RESULT_EVERY_MS);
          if (due) result();
          else
            connection.send({
              partial: ear.words
                .slice(covered)
                .map(({ text }) => text)
                .join(' '),
            });
        },
        onMessage: (message) => {
          const config = message.config as { sample_rate: number } | undefined;
          if (config !== undefined) ear = earFor(config.sample_rate);
          if (message.eof === 1) {
            result();
            connection.close(1000);
          }
        },
      };
    },
  });
  await server.listen();
  return server;
};
