import { createAdapterError, type AdapterError } from '../adapter-error.js';
import { samplesToBytes } from '../audio/pcm-bytes.js';
import { toAPIError, type FailureContext } from '../to-api-error.js';
import { abortableDelay } from '../transport/abortable-delay.js';
import { openWebSocket, type WebSocketConnection } from '../transport/websocket-connection.js';
import type { AudioFeed } from './audio-feed.js';
import { ConnectionTimeline } from './connection-timeline.js';
import type {
  STTStreamSettings,
  WebSocketSTTProtocol,
} from './protocols/websocket-stt-protocol.js';
import type { TranscriptEvent } from './transcript-event.js';

/** Silence on our side after which a keep-alive goes out; vendors close after about 10 s. */
const DEFAULT_KEEP_ALIVE_MS = 5000;
/** A paced replay may be ahead of its rate by this much: live audio arrives in bursts. */
const PACING_SLACK_MS = 300;

export interface RecognitionConnectionOptions {
  readonly protocol: WebSocketSTTProtocol;
  readonly settings: STTStreamSettings;
  readonly feed: AudioFeed;
  readonly context: FailureContext;
  readonly connectTimeoutMs: number;
  readonly endTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly onEvent: (event: TranscriptEvent, timeline: ConnectionTimeline) => void;
  readonly onSent: (samples: number) => void;
  readonly onUnreadable: (error: unknown) => void;
}

/** Why a connection ended: all was said, or it failed and the audio left in the feed is still owed. */
export type ConnectionOutcome = 'finished' | AdapterError;

/**
 * One connection to a streaming service, from the handshake to the close: configures it, sends what
 * the feed holds from its first unsettled sample on, hands over what comes back. Never throws.
 */
export const runRecognitionConnection = async (
  options: RecognitionConnectionOptions,
  signal: AbortSignal,
): Promise<ConnectionOutcome> => {
  const { protocol, settings, feed, context } = options;
  const timeline = new ConnectionTimeline(feed.sampleRate);
  // Ends the sending when the connection ends, whatever ended it.
  const stop = new AbortController();
  let outcome: ConnectionOutcome | undefined;
  let endSent = false;
  const finish = (how: ConnectionOutcome): void => {
    outcome ??= how;
    stop.abort();
  };
  const onAbort = (): void => {
    finish('finished');
  };

  const onMessage = (data: string | Uint8Array): void => {
    let events: readonly TranscriptEvent[];
    try {
      events = protocol.parseMessage(data, timeline.sentMs);
    } catch (error) {
      options.onUnreadable(error);
      return;
    }
    for (const event of events) {
      options.onEvent(event, timeline);
      if (event.type === 'error' && event.fatal) finish(event.error);
      if (event.type === 'done' && endSent) finish('finished');
    }
  };

  let connection: WebSocketConnection | undefined;
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    connection = await openWebSocket({
      url: protocol.url(settings),
      headers: protocol.headers(settings),
      context,
      connectTimeoutMs: options.connectTimeoutMs,
      maxMessageBytes: options.maxMessageBytes,
      detectHalfOpen: protocol.answersPings !== false,
      signal,
      onMessage,
    });
    const { closed } = connection;
    const opened = connection;
    void closed.then((error) => {
      finish(endSent && opened.closeCode === 1000 ? 'finished' : error);
    });
    for (const message of protocol.configurationMessages(settings)) await connection.send(message);
    await sendAudio(connection, timeline, options, stop.signal);
    if (!stop.signal.aborted) {
      endSent = true;
      for (const message of protocol.endMessages()) await connection.send(message);
      if (await abortableDelay(options.endTimeoutMs, stop.signal)) finish(unanswered(options));
    }
  } catch (error) {
    finish(toAPIError(error, context));
  } finally {
    signal.removeEventListener('abort', onAbort);
    stop.abort();
    await connection?.close();
  }
  return outcome ?? 'finished';
};

/** The end was not confirmed: fine if all audio was answered, a failure if some was not. */
const unanswered = ({
  feed,
  context,
  endTimeoutMs,
}: RecognitionConnectionOptions): ConnectionOutcome =>
  feed.buffer.start >= feed.buffer.end
    ? 'finished'
    : createAdapterError({
        code: 'request-timeout',
        message: `${context.what} did not finish within ${endTimeoutMs} ms after the last audio`,
      });

/** Sends audio as it comes until the input ended or the connection did. */
const sendAudio = async (
  connection: WebSocketConnection,
  timeline: ConnectionTimeline,
  options: RecognitionConnectionOptions,
  stop: AbortSignal,
): Promise<void> => {
  const { protocol, settings, feed } = options;
  const keepAliveMs = protocol.keepAliveIntervalMs ?? DEFAULT_KEEP_ALIVE_MS;
  const pace = createPacer(protocol.maxReplayRate);
  let cursor = feed.buffer.start;
  while (!stop.aborted) {
    const flushAt = feed.nextFlush(cursor);
    const piece = feed.buffer.read(cursor);
    if (flushAt !== undefined && (piece === undefined || flushAt <= piece.start)) {
      feed.forgetFlushes(flushAt);
      const message = protocol.finalizeMessage();
      if (message !== undefined) await connection.send(message);
    } else if (piece !== undefined) {
      const durationMs = (piece.pcm.length * 1000) / feed.sampleRate;
      if (!(await pace(durationMs, stop))) return;
      timeline.advance(piece.start, piece.pcm.length);
      cursor = piece.start + piece.pcm.length;
      await connection.send(protocol.encodeAudio(samplesToBytes(piece.pcm), settings));
      options.onSent(piece.pcm.length);
    } else if (feed.ended) {
      return;
    } else {
      const before = feed.buffer.end;
      await feed.changed.wait(stop, keepAliveMs);
      const idle = feed.buffer.end === before && !feed.ended;
      const message = idle ? protocol.keepAliveMessage() : undefined;
      if (message !== undefined && feed.nextFlush(cursor) === undefined) {
        await connection.send(message);
      }
    }
  }
};

/** Lets audio through at no more than `rate` times real time. Resolves to false once stopped. */
const createPacer = (
  rate: number | undefined,
): ((durationMs: number, stop: AbortSignal) => Promise<boolean>) => {
  if (rate === undefined) return (_durationMs, stop) => Promise.resolve(!stop.aborted);
  let nextAt = 0;
  return async (durationMs, stop) => {
    const now = performance.now();
    nextAt = Math.max(nextAt, now - PACING_SLACK_MS);
    const waitMs = nextAt - now;
    nextAt += durationMs / rate;
    return waitMs <= 0 ? !stop.aborted : await abortableDelay(waitMs, stop);
  };
};
