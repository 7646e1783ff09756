import { stt, VADEventType, type VAD, type VADStream } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { bytesToSamples } from '../adapters/audio/pcm-bytes.js';
import { SpeechToTextError } from './voice-errors.js';
import type { TranscriptionResult, VADInfo } from './voice-provider.js';

type STTFailure = Parameters<stt.STTCallbacks['error']>[0];

export interface TranscribeAudioOptions {
  /** Used by nobody else: its errors are this stream's. */
  readonly recogniser: stt.STT;
  /** s16le mono at `sampleRate`, in pieces of any length. */
  readonly audio: AsyncIterable<Uint8Array>;
  readonly sampleRate: number;
  readonly vad: VAD | undefined;
  readonly onVadInfo: (info: VADInfo) => void;
  readonly signal: AbortSignal;
}

/**
 * Transcribes audio while it comes.
 *
 * @throws {SpeechToTextError} when the recogniser gives up, or the audio cannot be read
 */
export async function* transcribeAudio(
  options: TranscribeAudioOptions,
): AsyncGenerator<TranscriptionResult, void, undefined> {
  const { recogniser, vad, signal } = options;
  let failure: Error | undefined;
  const onError = ({ error, recoverable }: STTFailure): void => {
    if (!recoverable) failure ??= error;
  };
  recogniser.on('error', onError);
  const stream = recogniser.stream();
  const detector = vad?.stream();
  const stop = new AbortController();
  const onAbort = (): void => {
    stop.abort();
    stream.close();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const watching = detector === undefined ? undefined : watch(detector, options.onVadInfo);
  const pumping = pump(options, stream, detector, stop.signal).catch((cause: unknown) => {
    failure ??= cause instanceof Error ? cause : new Error(String(cause));
    stream.close();
  });
  try {
    for await (const event of stream) {
      const result = toResult(event);
      if (result !== undefined) yield result;
    }
    if (failure !== undefined) {
      const message = `The audio could not be transcribed: ${failure.message}`;
      throw new SpeechToTextError(message, { cause: failure });
    }
    if (signal.aborted) {
      throw new SpeechToTextError('Disconnected before the audio was transcribed to its end', {
        code: 'aborted',
      });
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    recogniser.off('error', onError);
    onAbort();
    detector?.close();
    await Promise.all([watching, pumping]);
  }
}

/** Hands the audio to the recogniser and to the detector until it ends or `stop` aborts. */
const pump = async (
  { audio, sampleRate }: TranscribeAudioOptions,
  stream: stt.SpeechStream,
  detector: VADStream | undefined,
  stop: AbortSignal,
): Promise<void> => {
  const iterator = audio[Symbol.asyncIterator]();
  const stopped = new Promise<undefined>((resolve) => {
    stop.addEventListener(
      'abort',
      () => {
        resolve(undefined);
      },
      { once: true },
    );
  });
  let odd = new Uint8Array(0);
  while (!stop.aborted) {
    // A microphone that is silent for a while must not hold up the end.
    const next = await Promise.race([iterator.next(), stopped]);
    if (next === undefined) break;
    if (next.done === true) {
      stream.endInput();
      return;
    }
    // A sample may be split between two pieces.
    const bytes = odd.length === 0 ? next.value : Buffer.concat([odd, next.value]);
    odd = bytes.length % 2 === 0 ? new Uint8Array(0) : Uint8Array.from(bytes.subarray(-1));
    const pcm = bytesToSamples(bytes);
    if (pcm.length === 0) continue;
    stream.pushFrame(new AudioFrame(pcm, sampleRate, 1, pcm.length));
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the input stream way cannot be ended
    detector?.pushFrame(new AudioFrame(pcm.slice(), sampleRate, 1, pcm.length));
  }
  // Not awaited: a source that waits for audio answers this only once it has some.
  iterator.return?.().catch(() => undefined);
};

/** Follows the detector until it is closed. */
const watch = async (detector: VADStream, onInfo: (info: VADInfo) => void): Promise<void> => {
  for await (const event of detector) {
    if (event.type !== VADEventType.INFERENCE_DONE) continue;
    onInfo({
      speaking: event.speaking,
      probability: event.probability,
      speechDurationMs: event.speechDuration,
      silenceDurationMs: event.silenceDuration,
    });
  }
};

const toResult = (event: stt.SpeechEvent): TranscriptionResult | undefined => {
  const isFinal = event.type === stt.SpeechEventType.FINAL_TRANSCRIPT;
  if (!isFinal && event.type !== stt.SpeechEventType.INTERIM_TRANSCRIPT) return undefined;
  const [best] = event.alternatives ?? [];
  if (best === undefined || best.text === '') return undefined;
  return {
    text: best.text,
    startS: best.startTime,
    endS: best.endTime,
    isFinal,
    ...(best.language === '' ? {} : { language: best.language }),
    // The framework's 0 stands for "not said".
    ...(best.confidence > 0 ? { confidence: best.confidence } : {}),
  };
};
