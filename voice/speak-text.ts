import { ReadableStream } from 'node:stream/web';
import { tts } from '@livekit/agents';
import { samplesToBytes } from '../adapters/audio/pcm-bytes.js';
import { TextToSpeechError } from './voice-errors.js';

type TTSFailure = Parameters<tts.TTSCallbacks['error']>[0];

/**
 * Speaks one text: PCM as it is made. The framework's stream just ends when it fails, so the error
 * event is what tells an end from a failure; no other text may be spoken by `speaker` meanwhile.
 *
 * @throws {TextToSpeechError}
 */
export async function* speakText(
  speaker: tts.TTS,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let failure: Error | undefined;
  const onError = ({ error, recoverable }: TTSFailure): void => {
    if (!recoverable) failure = error;
  };
  speaker.on('error', onError);
  const stream = open(speaker, text, signal);
  const onAbort = (): void => {
    stream.close();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const item of stream) {
      if (typeof item === 'symbol') break;
      yield samplesToBytes(item.frame.data.slice());
    }
    if (failure !== undefined) {
      throw new TextToSpeechError(`The text could not be spoken: ${failure.message}`, {
        cause: failure,
      });
    }
    if (signal.aborted) {
      throw new TextToSpeechError('Disconnected before the text was spoken to its end', {
        code: 'aborted',
      });
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    speaker.off('error', onError);
    stream.close();
  }
}

/** The framework's one-request streams reject where nobody can catch it: used only by need. */
const open = (
  speaker: tts.TTS,
  text: string,
  signal: AbortSignal,
): tts.SynthesizeStream | tts.ChunkedStream => {
  if (!speaker.capabilities.streaming) return speaker.synthesize(text, undefined, signal);
  const stream = speaker.stream();
  const source = new ReadableStream<string>({
    start: (controller) => {
      controller.enqueue(text);
      controller.close();
    },
  });
  stream.updateInputStream(source);
  return stream;
};
