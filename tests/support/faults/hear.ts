import { setTimeout as delay } from 'node:timers/promises';
import { stt } from '@livekit/agents';
import type { AudioFrame } from '@livekit/rtc-node';
import { FRAME_MS } from '../indexed-audio.js';
import { indexedSpeechFrame } from '../indexed-speech.js';

/** What came of a stretch of speech whose frames are numbered from 1. */
export interface Heard {
  /** Frame numbers in the order of the finals. */
  readonly words: number[];
  /** Frames that no final has, in seconds of audio. */
  readonly lostS: number;
  /** Frames that came more than once. */
  readonly repeated: number;
  readonly errors: {
    readonly code: string;
    readonly recoverable: boolean;
    readonly atMs: number;
  }[];
  readonly events: stt.SpeechEvent[];
  /** When the last final came, in ms from the first frame. */
  readonly finishedMs: number;
}

/** `code` of an adapter's error, else the class: plugins throw what they like. */
const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.name;

export interface HearOptions {
  readonly frames: number;
  /** The pace at which frames are pushed: 1 is speech. */
  readonly speed?: number;
  readonly frame?: (index: number) => AudioFrame;
  /** The stream is closed when it has not ended this long after the last frame, in ms. */
  readonly patienceMs?: number;
}

/** Speaks numbered frames into `provider` and waits for what it understands. */
export const hear = async (provider: stt.STT, options: HearOptions): Promise<Heard> => {
  const { frames, speed = 1, frame = indexedSpeechFrame, patienceMs = 40_000 } = options;
  const startedAt = performance.now();
  const errors: Heard['errors'] = [];
  const onError = ({ error, recoverable }: { error: Error; recoverable: boolean }): void => {
    errors.push({ code: codeOf(error), recoverable, atMs: performance.now() - startedAt });
  };
  provider.on('error', onError);
  const stream = provider.stream();
  const events: stt.SpeechEvent[] = [];
  let finishedMs = 0;
  const reading = (async () => {
    for await (const event of stream) {
      events.push(event);
      if (event.type === stt.SpeechEventType.FINAL_TRANSCRIPT) {
        finishedMs = performance.now() - startedAt;
      }
    }
  })();
  for (let index = 1; index <= frames; index += 1) {
    try {
      stream.pushFrame(frame(index));
    } catch {
      // A stream that ended refuses frames: what it lost is counted by what it understood.
      break;
    }
    const aheadMs = (index * FRAME_MS) / speed - (performance.now() - startedAt);
    if (aheadMs > 2) await delay(aheadMs);
  }
  try {
    stream.endInput();
  } catch {
    // See above.
  }
  const gaveUp = new AbortController();
  await Promise.race([
    reading,
    delay(patienceMs, undefined, { signal: gaveUp.signal }).catch(() => undefined),
  ]);
  gaveUp.abort();
  stream.close();
  await reading;
  provider.off('error', onError);
  const words = events
    .filter(({ type }) => type === stt.SpeechEventType.FINAL_TRANSCRIPT)
    .flatMap(({ alternatives }) => (alternatives?.[0].text ?? '').split(' '))
    .filter((text) => text !== '')
    .map(Number);
  const distinct = new Set(words.filter((word) => word >= 1 && word <= frames));
  return {
    words,
    lostS: ((frames - distinct.size) * FRAME_MS) / 1000,
    repeated: words.length - new Set(words).size,
    errors,
    events,
    finishedMs,
  };
};
