import type { VAD } from '@livekit/agents';
import { createAdapterError, type AdapterError } from '../adapter-error.js';
import { samplesToBytes } from '../audio/pcm-bytes.js';
import type { AudioPiece } from '../resilience/replay-buffer.js';
import { SilenceWatchdog } from '../resilience/silence-watchdog.js';
import { toAPIError, type FailureContext } from '../to-api-error.js';
import { abortableDelay } from '../transport/abortable-delay.js';
import { createPacer } from '../transport/pacer.js';
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
/** A service that still sends finals after the end is waited for, but not for ever. */
const MAX_END_TIMEOUTS = 6;

export interface RecognitionConnectionOptions {
  readonly protocol: WebSocketSTTProtocol;
  readonly settings: STTStreamSettings;
  readonly feed: AudioFeed;
  readonly context: FailureContext;
  readonly connectTimeoutMs: number;
  readonly endTimeoutMs: number;
  /** Speech may go unanswered for this long, in ms; `Infinity` turns the watchdog off. */
  readonly silenceTimeoutMs: number;
  readonly vad: () => VAD;
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
  let lastAnswerAt = 0;
  let watchdog: SilenceWatchdog | undefined;
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
      if (isAnswer(event)) {
        lastAnswerAt = performance.now();
        watchdog?.answered();
      }
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
    if (Number.isFinite(options.silenceTimeoutMs)) {
      watchdog = new SilenceWatchdog({
        feed,
        vad: options.vad(),
        timeoutMs: options.silenceTimeoutMs,
        onSilent: (unansweredMs) => {
          finish(silent(context, unansweredMs));
        },
      });
    }
    const onSent = (piece: AudioPiece): void => {
      watchdog?.sent(piece.start + piece.pcm.length);
      options.onSent(piece.pcm.length);
    };
    await sendAudio(connection, timeline, { ...options, onSent }, stop.signal);
    if (!stop.signal.aborted) {
      endSent = true;
      for (const message of protocol.endMessages()) await connection.send(message);
      const endedAt = performance.now();
      // Counted from the last sign of the service: one that is slow but working is let finish.
      for (let left = options.endTimeoutMs; left > 0;) {
        if (!(await abortableDelay(left, stop.signal))) break;
        const from = Math.min(lastAnswerAt, endedAt + MAX_END_TIMEOUTS * options.endTimeoutMs);
        left = from + options.endTimeoutMs - performance.now();
        if (left <= 0) finish(unanswered(options));
      }
    }
  } catch (error) {
    finish(toAPIError(error, context));
  } finally {
    signal.removeEventListener('abort', onAbort);
    stop.abort();
    await watchdog?.close();
    await connection?.close();
  }
  return outcome ?? 'finished';
};

/** Whether a message shows that the service listens: greetings and news it has no words for do not. */
const isAnswer = (event: TranscriptEvent): boolean =>
  event.type !== 'ready' && event.type !== 'unknown';

const silent = ({ what }: FailureContext, unansweredMs: number): AdapterError =>
  createAdapterError({
    code: 'no-answer',
    message: `${what} said nothing for ${unansweredMs} ms after speech`,
  });

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
  options: Omit<RecognitionConnectionOptions, 'onSent'> & { onSent: (piece: AudioPiece) => void },
  stop: AbortSignal,
): Promise<void> => {
  const { protocol, settings, feed } = options;
  const keepAliveMs = protocol.keepAliveIntervalMs ?? DEFAULT_KEEP_ALIVE_MS;
  const pace = createPacer(protocol.maxReplayRate);
  let cursor = feed.buffer.start;
  while (!stop.aborted) {
    const flushAt = feed.nextFlush(cursor);
    const piece = nextPiece(feed, cursor, flushAt, protocol.minPieceMs ?? 0);
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
      options.onSent(piece);
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

/**
 * The audio to send next. Pieces shorter than `minMs` (the rest of one that is settled in part) are
 * joined with what follows, or waited for; only before a flush and at the end they stay short.
 */
const nextPiece = (
  feed: AudioFeed,
  cursor: number,
  flushAt: number | undefined,
  minMs: number,
): AudioPiece | undefined => {
  const piece = feed.buffer.read(cursor);
  const minSamples = Math.ceil((minMs * feed.sampleRate) / 1000);
  if (piece === undefined || piece.pcm.length >= minSamples) return piece;
  const limit = Math.min(flushAt ?? Infinity, piece.start + minSamples);
  const pcm = feed.buffer.slice(piece.start, limit);
  const complete = pcm.length >= minSamples || limit === flushAt || feed.ended;
  return complete ? { start: piece.start, pcm } : undefined;
};
