import { ReadableStream } from 'node:stream/web';
import { log, voice } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { isAllProvidersFailed } from '../adapters/fallback/provider-chain.js';
import {
  readRecordedPhrase,
  RECORDED_PHRASE_RATE,
  RECORDED_PHRASE_TEXT,
} from '../adapters/fallback/recorded-phrase.js';

/** Frames of the recording, in ms. */
const FRAME_MS = 20;
/** The caller is not told again before this time has passed: parts of one outage fail together. */
const SAY_AGAIN_AFTER_MS = 60_000;

/**
 * Tells the caller, once an outage, that nobody can listen, answer or speak: with a recording,
 * because the voice may be what failed.
 */
export const sayTechnicalProblems = (session: voice.AgentSession): void => {
  let saidAt = -Infinity;
  session.on(voice.AgentSessionEventTypes.Error, ({ error }) => {
    if (
      !isAllProvidersFailed('error' in error ? error.error : error) ||
      performance.now() - saidAt < SAY_AGAIN_AFTER_MS
    )
      return;
    saidAt = performance.now();
    try {
      session.say(RECORDED_PHRASE_TEXT, { audio: recording(), addToChatCtx: false });
    } catch (problem) {
      log().debug({ error: problem }, 'the session is closing: nobody is left to tell');
    }
  });
};

const recording = (): ReadableStream<AudioFrame> => {
  const pcm = readRecordedPhrase();
  const step = (RECORDED_PHRASE_RATE * FRAME_MS) / 1000;
  return new ReadableStream({
    start: (controller) => {
      for (let at = 0; at < pcm.length; at += step) {
        const part = pcm.slice(at, at + step);
        controller.enqueue(new AudioFrame(part, RECORDED_PHRASE_RATE, 1, part.length));
      }
      controller.close();
    },
  });
};
