import { errorBody, toApiError } from '../http/error-handler.js';
import { serverSentEvent } from '../http/server-sent-event.js';
import { usageOf } from './format-transcript.js';
import type { ClipTranscript, TranscriptSegment } from './transcribe-clip.js';

/**
 * A transcription as OpenAI's server-sent events: a delta for each segment, then the whole text. Throws what is thrown before
 * the first segment; after that an error is an event, because the status has been sent.
 *
 * @param transcribe - does the work and tells of each segment
 */
export async function* transcriptEvents(
  transcribe: (onSegment: (segment: TranscriptSegment) => void) => Promise<ClipTranscript>,
): AsyncGenerator<string, void, undefined> {
  const waiting: string[] = []; // bounded by the longest clip
  let wake: () => void = () => undefined;
  let outcome: { readonly transcript: ClipTranscript } | { readonly error: unknown } | undefined;
  let started = false;
  transcribe(({ text }) => {
    waiting.push(text);
    wake();
  })
    .then(
      (transcript) => {
        outcome = { transcript };
      },
      (error: unknown) => {
        outcome = { error };
      },
    )
    .finally(() => {
      wake();
    });
  for (;;) {
    const text = waiting.shift();
    if (text !== undefined) {
      yield serverSentEvent({
        type: 'transcript.text.delta',
        delta: started ? ` ${text}` : text,
      });
      started = true;
    } else if (outcome !== undefined) break;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  if ('error' in outcome) {
    if (!started) throw outcome.error;
    yield serverSentEvent({ type: 'error', ...errorBody(toApiError(outcome.error)) });
    return;
  }
  const { text, durationMs } = outcome.transcript;
  yield serverSentEvent({ type: 'transcript.text.done', text, usage: usageOf(durationMs) });
}
