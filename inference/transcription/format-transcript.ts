import type {
  TimestampGranularity,
  TranscriptionFields,
} from '../../protocol/openai-transcription.js';
import { toSrt, toVtt } from './subtitles.js';
import type { ClipTranscript } from './transcribe-clip.js';

/** A response body with its content type. */
export interface FormattedTranscript {
  readonly type: string;
  readonly body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const inS = (ms: number): number => ms / 1000;

/** Seconds of audio as OpenAI counts them in `usage`. */
export function usageOf(durationMs: number): { type: 'duration'; seconds: number } {
  return { type: 'duration', seconds: Math.ceil(inS(durationMs)) };
}

/**
 * A transcript as OpenAI's API answers it. Times in JSON are seconds there. What this recogniser does not know of a segment
 * (its tokens, its probabilities) is left out.
 *
 * @param granularities - what verbose_json shall have; empty for everything
 */
export function formatTranscript(
  transcript: ClipTranscript,
  format: TranscriptionFields['response_format'],
  granularities: readonly TimestampGranularity[] = [],
): FormattedTranscript {
  const usage = usageOf(transcript.durationMs);
  const wants = (part: TimestampGranularity): boolean =>
    granularities.length === 0 || granularities.includes(part);
  switch (format) {
    case 'json':
      return { type: JSON_TYPE, body: JSON.stringify({ text: transcript.text, usage }) };
    case 'verbose_json':
      return {
        type: JSON_TYPE,
        body: JSON.stringify({
          task: 'transcribe',
          language: transcript.language,
          duration: inS(transcript.durationMs),
          text: transcript.text,
          segments: wants('segment')
            ? transcript.segments.map(({ text, startMs, endMs }, id) => ({
                id,
                // In frames of 10 ms, as Whisper counts.
                seek: Math.round(startMs / 10),
                start: inS(startMs),
                end: inS(endMs),
                text,
              }))
            : undefined,
          words: wants('word')
            ? transcript.words.map(({ text, startMs, endMs }) => ({
                word: text,
                start: inS(startMs),
                end: inS(endMs),
              }))
            : undefined,
          usage,
        }),
      };
    case 'text':
      return { type: 'text/plain; charset=utf-8', body: `${transcript.text}\n` };
    case 'srt':
      return {
        type: 'application/x-subrip; charset=utf-8',
        body: toSrt(transcript.segments),
      };
    case 'vtt':
      return { type: 'text/vtt; charset=utf-8', body: toVtt(transcript.segments) };
  }
}
