import type { TranscriptEvent } from '../transcript-event.js';

/** What a protocol may need to know of the stream it speaks for. */
export interface STTStreamSettings {
  readonly wsUrl: string;
  readonly apiKey: string | undefined;
  /** BCP 47 tag; `undefined` leaves the choice to the service. */
  readonly language: string | undefined;
  /** Recognition model; `undefined` leaves the choice to the protocol. */
  readonly model: string | undefined;
  /** Of the audio that will be sent (16-bit, mono), in Hz. */
  readonly sampleRate: number;
}

/** A text frame (string) or a binary frame (bytes). */
export type OutgoingMessage = string | Uint8Array;

/**
 * The message format of a streaming speech-to-text service. Stateless: one object serves any number
 * of connections. Implement this, or override single methods of `CustomWebSocketSTTAdapter`.
 */
export interface WebSocketSTTProtocol {
  /** For logs and `provider`. */
  readonly name: string;
  /** The vendor's address; left out for servers of one's own. */
  readonly defaultUrl?: string;
  /**
   * Audio may be replayed at this multiple of real time after a reconnect. Vendors throttle near
   * 1.25; leave it out where the service takes audio as fast as it comes.
   */
  readonly maxReplayRate?: number;
  /** The service answers WebSocket pings. Default true. */
  readonly answersPings?: boolean;
  /** The service refuses a message with less audio than this, in ms: pieces are joined. Default 0. */
  readonly minPieceMs?: number;
  /** After this many ms without audio, `keepAliveMessage` is sent. Default 5000. */
  readonly keepAliveIntervalMs?: number;

  /** Address of the handshake, usually `wsUrl` with a query. */
  url(settings: STTStreamSettings): string;
  /** Headers of the handshake: where the key goes. */
  headers(settings: STTStreamSettings): Readonly<Record<string, string>>;
  /** Sent once the connection is open, before any audio. May be empty. */
  configurationMessages(settings: STTStreamSettings): readonly OutgoingMessage[];
  /** One message for a piece of audio: s16le mono at the settings' rate, about 50 ms, never empty. The last piece may be shorter than `minPieceMs`. */
  encodeAudio(pcm: Uint8Array, settings: STTStreamSettings): OutgoingMessage;
  /**
   * What a message means. `sentMs` is how much audio this connection was sent so far, for services
   * that give no times.
   *
   * @throws anything if the message cannot be read: it is ignored and logged once
   */
  parseMessage(data: string | Uint8Array, sentMs: number): readonly TranscriptEvent[];
  /** Asks for the final of what was said so far; `undefined` where the service cannot. */
  finalizeMessage(): OutgoingMessage | undefined;
  /** Keeps an idle connection open; `undefined` where none is needed. */
  keepAliveMessage(): OutgoingMessage | undefined;
  /** Says that no more audio follows: the remaining finals come, then `done` or a close. */
  endMessages(): readonly OutgoingMessage[];
}
