import { stt } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { createAdapterError, type AdapterError } from '../adapter-error.js';
import { toAPIError } from '../to-api-error.js';
import { abortableDelay } from '../transport/abortable-delay.js';
import { readRecordedPhrase, RECORDED_PHRASE_RATE } from './recorded-phrase.js';
import type { ChainMember } from './provider-chain.js';

/** A probe that has no words by then failed, in ms. */
const PROBE_TIMEOUT_MS = 8000;
/** The probe's audio is sent in frames of this length, at the pace of speech, in ms. */
const FRAME_MS = 100;

const TEXT: ReadonlySet<stt.SpeechEventType> = new Set([
  stt.SpeechEventType.INTERIM_TRANSCRIPT,
  stt.SpeechEventType.PREFLIGHT_TRANSCRIPT,
  stt.SpeechEventType.FINAL_TRANSCRIPT,
]);

/**
 * Whether a provider understands speech now: it is sent two recorded seconds over a stream of
 * its own, and well as soon as any words come back.
 *
 * @returns undefined if it is well, else why it is not. Never throws
 */
export const probeSTT = async (
  { instance, name, secrets = [] }: ChainMember<stt.STT>,
  signal: AbortSignal,
): Promise<AdapterError | undefined> => {
  const context = { what: `a probe of the speech-to-text provider ${name}`, secrets };
  const over = new AbortController();
  let result: AdapterError | undefined = createAdapterError({
    code: 'no-answer',
    message: `${context.what} heard no words within ${PROBE_TIMEOUT_MS} ms`,
  });
  const end = (how: AdapterError | undefined): void => {
    if (over.signal.aborted) return;
    result = how;
    over.abort();
  };
  const onError = ({ error }: { error: Error }): void => {
    end(toAPIError(error, context));
  };
  const onAbort = (): void => {
    end(createAdapterError({ code: 'aborted', message: `${context.what} was withdrawn` }));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  instance.on('error', onError);
  const stream = instance.stream({
    connOptions: { maxRetry: 0, retryIntervalMs: 0, timeoutMs: PROBE_TIMEOUT_MS },
  });
  const reading = (async () => {
    for await (const event of stream) {
      if (TEXT.has(event.type) && (event.alternatives?.[0]?.text ?? '') !== '') end(undefined);
    }
  })();
  try {
    const timeout = abortableDelay(PROBE_TIMEOUT_MS, over.signal);
    await speak(stream, over.signal);
    await timeout;
  } catch (error) {
    end(toAPIError(error, context));
  } finally {
    over.abort();
    stream.close();
    await reading.catch(() => undefined);
    instance.off('error', onError);
    signal.removeEventListener('abort', onAbort);
  }
  return result;
};

const speak = async (stream: stt.SpeechStream, over: AbortSignal): Promise<void> => {
  const pcm = readRecordedPhrase();
  const step = (RECORDED_PHRASE_RATE * FRAME_MS) / 1000;
  for (let at = 0; at < pcm.length; at += step) {
    const part = pcm.slice(at, at + step);
    stream.pushFrame(new AudioFrame(part, RECORDED_PHRASE_RATE, 1, part.length));
    if (!(await abortableDelay(FRAME_MS, over))) return;
  }
  stream.endInput();
};
