import { errorBody, toApiError } from '../http/error-handler.js';
import { serverSentEvent } from '../http/server-sent-event.js';

/** What the last event counts. */
export interface SpeechUsage {
  /** Characters spoken: a voice has no tokens. */
  readonly characters: number;
}

/**
 * Audio as OpenAI's server-sent events (`stream_format: sse`). Throws what making the audio throws before its first part;
 * after that an error is an event, because the status has been sent.
 */
export async function* speechEvents(
  audio: AsyncIterable<Uint8Array>,
  { characters }: SpeechUsage,
): AsyncGenerator<string, void, undefined> {
  let started = false;
  let bytes = 0;
  try {
    for await (const part of audio) {
      started = true;
      bytes += part.byteLength;
      const base64 = Buffer.from(part).toString('base64');
      yield serverSentEvent({ type: 'speech.audio.delta', audio: base64 });
    }
  } catch (error) {
    if (!started) throw error;
    yield serverSentEvent({ type: 'error', ...errorBody(toApiError(error)) });
    return;
  }
  yield serverSentEvent({
    type: 'speech.audio.done',
    // OpenAI counts tokens; here it is characters in and bytes out.
    usage: { input_tokens: characters, output_tokens: bytes, total_tokens: characters + bytes },
  });
}
