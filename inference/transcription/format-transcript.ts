import type { TranscriptionFields } from '../../protocol/openai-transcription.js';
import { toSrt, toVtt } from './subtitles.js';
import type { ClipTranscript } from './transcribe-clip.js';

/** A response body with its content type. */
export interface FormattedTranscript {
  readonly type: string;
  readonly body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const inS = (ms: number): number => ms / 1000;

/** A transcript as OpenAI's API answers it. Times in JSON are seconds there. */
export function formatTranscript(
  transcript: ClipTranscript,
  format: TranscriptionFields['response_format'],
): FormattedTranscript {
  const usage = { type: 'duration', seconds: Math.ceil(inS(transcript.durationMs)) };
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
          segments: transcript.segments.map(({ text, startMs, endMs }, id) => ({
            id,
            start: inS(startMs),
            end: inS(endMs),
            text,
          })),
          words: transcript.words.map(({ text, startMs, endMs }) => ({
            word: text,
            start: inS(startMs),
            end: inS(endMs),
          })),
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
