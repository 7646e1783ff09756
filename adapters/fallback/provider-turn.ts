import { AudioFrame } from '@livekit/rtc-node';
import { stt, type VAD } from '@livekit/agents';
import { createAdapterError, type AdapterError } from '../adapter-error.js';
import { SilenceWatchdog } from '../resilience/silence-watchdog.js';
import type { AudioFeed } from '../stt/audio-feed.js';
import { ConnectionTimeline } from '../stt/connection-timeline.js';
import { toAPIError } from '../to-api-error.js';
import { abortableDelay } from '../transport/abortable-delay.js';
import { createPacer } from '../transport/pacer.js';
import type { ChainMember } from './provider-chain.js';

/** The provider's own retries are off: they lose what was sent and not answered. */
const CONN_OPTIONS = { maxRetry: 0, retryIntervalMs: 250, timeoutMs: 10_000 };
/** After the last audio, a provider is waited for this long since it said something, in ms. */
const END_TIMEOUT_MS = 10_000;
/** A better provider takes over in a pause of the speaker, or after this, in ms. */
const LEAVE_WITHIN_MS = 10_000;
/** Plugins of vendors are replayed to no faster than vendors allow; our adapters know better. */
const FOREIGN_REPLAY_RATE = 1.25;

export interface ProviderTurnOptions {
  readonly member: ChainMember<stt.STT>;
  readonly feed: AudioFeed;
  readonly vad: VAD;
  /** Our own adapters buffer and pace by themselves. */
  readonly pacesItself: boolean;
  /** Unanswered speech is borne for this long, and for this long after an error, in ms. */
  readonly silenceMs: number;
  readonly silenceAfterErrorMs: number;
  readonly onEvent: (event: stt.SpeechEvent, timeline: ConnectionTimeline) => void;
  /** A failure that the provider says it survives. */
  readonly onTrouble: (error: AdapterError) => void;
  /** Aborts when a better provider is ready. */
  readonly better: AbortSignal;
}

/** Everything is recognised, a better provider takes over, or why this one is given up. */
export type ProviderTurnOutcome = 'finished' | 'left' | AdapterError;

const TEXT: ReadonlySet<stt.SpeechEventType> = new Set([
  stt.SpeechEventType.INTERIM_TRANSCRIPT,
  stt.SpeechEventType.PREFLIGHT_TRANSCRIPT,
]);

/**
 * Lets one provider recognise a feed from its first unsettled sample on, until the feed ends, the
 * provider fails or stays silent, or a better one is ready. Never throws.
 */
export const runProviderTurn = async (
  options: ProviderTurnOptions,
  signal: AbortSignal,
): Promise<ProviderTurnOutcome> => {
  const { member, feed, better } = options;
  const { instance, name, secrets = [] } = member;
  const context = { what: `the speech-to-text provider ${name}`, secrets };
  const timeline = new ConnectionTimeline(feed.sampleRate);
  const stop = new AbortController();
  let outcome: ProviderTurnOutcome | undefined;
  let trouble: AdapterError | undefined;
  let endSent = false;
  let isOpen = false;
  let lastEventAt = 0;
  let leaving: Promise<void> | undefined;
  const finish = (how: ProviderTurnOutcome): void => {
    outcome ??= how;
    stop.abort();
  };
  const leaveLate = async (): Promise<void> => {
    if (await abortableDelay(LEAVE_WITHIN_MS, stop.signal)) finish('left');
  };
  const watchdog = new SilenceWatchdog({
    feed,
    vad: options.vad,
    timeoutMs: options.silenceMs,
    onSilent: (unansweredMs) => {
      // A provider of whole utterances says nothing before their end, and says itself when it fails.
      if (!instance.capabilities.interimResults) return;
      const message = `${context.what} said nothing for ${unansweredMs} ms after speech`;
      finish(trouble ?? createAdapterError({ code: 'no-answer', message }));
    },
  });
  const onAbort = (): void => {
    finish('finished');
  };
  const onBetter = (): void => {
    if (!isOpen) finish('left');
    else leaving ??= leaveLate();
  };
  const onError = ({ error, recoverable }: { error: Error; recoverable: boolean }): void => {
    const known = toAPIError(error, context);
    if (!recoverable) {
      finish(known);
      return;
    }
    options.onTrouble(known);
    // A lost utterance is still in the feed; an interrupted stream may heal before speech waits for it.
    if (instance.capabilities.interimResults) {
      trouble = known;
      watchdog.hurry(options.silenceAfterErrorMs);
    } else if (known.retryable || known.code === 'unauthorized') finish(known);
  };
  const read = async (stream: stt.SpeechStream): Promise<void> => {
    for await (const event of stream) {
      if (stop.signal.aborted) return;
      if (event.type !== stt.SpeechEventType.RECOGNITION_USAGE) {
        lastEventAt = performance.now();
        trouble = undefined;
        watchdog.answered();
      }
      options.onEvent(event, timeline);
      if (TEXT.has(event.type)) isOpen = true;
      if (event.type === stt.SpeechEventType.FINAL_TRANSCRIPT) isOpen = false;
      if (better.aborted) onBetter();
    }
    const message = `${context.what} ended its stream before the audio did`;
    finish(endSent ? 'finished' : createAdapterError({ code: 'connection-lost', message }));
  };

  instance.on('error', onError);
  signal.addEventListener('abort', onAbort, { once: true });
  better.addEventListener('abort', onBetter, { once: true });
  const stream = instance.stream({ connOptions: CONN_OPTIONS });
  const reading = read(stream).catch((error: unknown) => {
    finish(toAPIError(error, context));
  });
  try {
    if (signal.aborted) onAbort();
    await push(stream, options, timeline, watchdog, stop.signal);
    if (!stop.signal.aborted) {
      endSent = true;
      stream.endInput();
      const endedAt = performance.now();
      for (let leftMs = END_TIMEOUT_MS; leftMs > 0;) {
        if (!(await abortableDelay(leftMs, stop.signal))) break;
        leftMs = Math.max(lastEventAt, endedAt) + END_TIMEOUT_MS - performance.now();
      }
      const { start, end } = feed.buffer;
      const message = `${context.what} did not finish within ${END_TIMEOUT_MS} ms`;
      finish(start >= end ? 'finished' : createAdapterError({ code: 'request-timeout', message }));
    }
  } catch (error) {
    // Pushing into a stream that just ended throws; its own error came first.
    finish(toAPIError(error, context));
  } finally {
    stop.abort();
    stream.close();
    await reading;
    await leaving;
    await watchdog.close();
    instance.off('error', onError);
    signal.removeEventListener('abort', onAbort);
    better.removeEventListener('abort', onBetter);
  }
  return outcome ?? 'finished';
};

const push = async (
  stream: stt.SpeechStream,
  { feed, pacesItself }: ProviderTurnOptions,
  timeline: ConnectionTimeline,
  watchdog: SilenceWatchdog,
  stop: AbortSignal,
): Promise<void> => {
  const pace = createPacer(pacesItself ? undefined : FOREIGN_REPLAY_RATE);
  let cursor = feed.buffer.start;
  while (!stop.aborted) {
    const flushAt = feed.nextFlush(cursor);
    const piece = feed.buffer.read(cursor);
    if (flushAt !== undefined && (piece === undefined || flushAt <= piece.start)) {
      feed.forgetFlushes(flushAt);
      stream.flush();
    } else if (piece !== undefined) {
      if (!(await pace((piece.pcm.length * 1000) / feed.sampleRate, stop))) return;
      timeline.advance(piece.start, piece.pcm.length);
      cursor = piece.start + piece.pcm.length;
      stream.pushFrame(new AudioFrame(piece.pcm.slice(), feed.sampleRate, 1, piece.pcm.length));
      watchdog.sent(cursor);
    } else if (feed.ended) {
      return;
    } else {
      await feed.changed.wait(stop);
    }
  }
};
