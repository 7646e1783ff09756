import type { tts } from '@livekit/agents';
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
  const stream = speaker.synthesize(text, undefined, signal);
  try {
    for await (const { frame } of stream) yield samplesToBytes(frame.data.slice());
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
    speaker.off('error', onError);
    stream.close();
  }
}
