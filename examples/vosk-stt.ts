import { z } from 'zod';
import { CustomWebSocketSTTAdapter } from '../adapters/stt/custom-websocket-stt-adapter.js';
import type { OutgoingMessage } from '../adapters/stt/protocols/websocket-stt-protocol.js';
import type { TranscriptEvent } from '../adapters/stt/transcript-event.js';

/** Every binary message is answered by one of these; times in seconds. */
const voskMessage = z.union([
  z.object({ partial: z.string() }),
  z.object({
    text: z.string(),
    result: z
      .array(z.object({ word: z.string(), start: z.number(), end: z.number(), conf: z.number() }))
      .default([]),
  }),
]);

/**
 * An own protocol by subclassing: vosk-server's WebSocket (github.com/alphacep/vosk-server), which
 * runs on a Raspberry Pi. Connecting, resampling, buffering, replay after a broken connection, times
 * and errors stay with the adapter; a subclass says how messages look.
 *
 * @example
 * ```ts
 * const session = new voice.AgentSession({ stt: new VoskSTT({ wsUrl: 'ws://raspberrypi:2700' }), llm, tts });
 * ```
 */
export class VoskSTT extends CustomWebSocketSTTAdapter {
  override label = 'example.VoskSTT';

  protected override buildUrl(): string {
    return this.settings.wsUrl;
  }

  protected override buildHeaders(): Readonly<Record<string, string>> {
    return {};
  }

  protected override configurationMessages(): readonly OutgoingMessage[] {
    return [JSON.stringify({ config: { sample_rate: this.settings.sampleRate, words: 1 } })];
  }

  protected override parseMessage(
    data: string | Uint8Array,
    sentMs: number,
  ): readonly TranscriptEvent[] {
    const message = voskMessage.parse(JSON.parse(String(data)));
    if ('partial' in message) {
      // A partial has no times: it is about the audio sent so far.
      return message.partial === ''
        ? []
        : [{ type: 'interim', text: message.partial, startMs: sentMs, endMs: sentMs }];
    }
    const words = message.result.map(({ word, start, end, conf }) => ({
      text: word,
      startMs: start * 1000,
      endMs: end * 1000,
      confidence: conf,
    }));
    const startMs = words[0]?.startMs ?? sentMs;
    const endMs = words.at(-1)?.endMs ?? sentMs;
    return [{ type: 'final', text: message.text, startMs, endMs, words }];
  }

  /** vosk-server cannot be asked for a result before the speaker pauses. */
  protected override finalizeMessage(): undefined {
    return undefined;
  }

  protected override keepAliveMessage(): undefined {
    return undefined;
  }

  /** The server compares these very characters, the space included. */
  protected override endMessages(): readonly OutgoingMessage[] {
    return ['{"eof" : 1}'];
  }
}
