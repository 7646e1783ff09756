import { stt } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { CLIP_SAMPLE_RATE } from '../../call/read-clip.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = (CLIP_SAMPLE_RATE * FRAME_MS) / 1000;
/** Recognisers wait for a pause before they settle. */
const PAUSE_SAMPLES = CLIP_SAMPLE_RATE;

/**
 * Has a recogniser hear 48 kHz mono samples at the pace of speech, and closes it.
 * @throws what the recogniser reports first, or the signal's reason
 */
export const transcribe = async (
  recogniser: stt.STT,
  samples: Int16Array,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly latencyMs: number }> => {
  const stream = recogniser.stream();
  const failed = new Promise<never>((_resolve, reject) => {
    recogniser.on('error', ({ error }) => {
      reject(error);
    });
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
  try {
    const work = listen(stream, samples, signal);
    return await Promise.race([work, failed]);
  } finally {
    stream.close();
    await recogniser.close();
    failed.catch(() => undefined);
  }
};

const listen = async (
  stream: stt.SpeechStream,
  samples: Int16Array,
  signal: AbortSignal,
): Promise<{ text: string; latencyMs: number }> => {
  let spokenAt = performance.now();
  const speak = async (): Promise<void> => {
    const all = new Int16Array(samples.length + PAUSE_SAMPLES);
    all.set(samples);
    for (let at = 0; at < all.length && !signal.aborted; at += FRAME_SAMPLES) {
      const frame = all.slice(at, at + FRAME_SAMPLES);
      stream.pushFrame(new AudioFrame(frame, CLIP_SAMPLE_RATE, 1, frame.length));
      if (at < samples.length) spokenAt = performance.now();
      await sleep(FRAME_MS);
    }
    stream.endInput();
  };
  const spoken = speak();
  const finals: string[] = [];
  let finalAt = 0;
  for await (const { type, alternatives } of stream) {
    if (type !== stt.SpeechEventType.FINAL_TRANSCRIPT || !alternatives) continue;
    finals.push(alternatives[0].text);
    finalAt = performance.now();
  }
  await spoken;
  return { text: finals.join(' ').trim(), latencyMs: Math.max(0, finalAt - spokenAt) };
};
