import type { TranscriptSegment } from './transcribe-clip.js';

/** SubRip subtitles. */
export function toSrt(segments: readonly TranscriptSegment[]): string {
  return segments
    .map(
      ({ startMs, endMs, text }, i) =>
        `${i + 1}\n${clock(startMs, ',')} --> ${clock(endMs, ',')}\n${text}\n`,
    )
    .join('\n');
}

/** WebVTT subtitles. */
export function toVtt(segments: readonly TranscriptSegment[]): string {
  const cues = segments.map(
    ({ startMs, endMs, text }) => `${clock(startMs, '.')} --> ${clock(endMs, '.')}\n${text}\n`,
  );
  return `WEBVTT\n\n${cues.join('\n')}`;
}

function clock(ms: number, separator: string): string {
  const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = Math.floor(ms / 1000) % 60;
  return `${pad(hours)}:${pad(minutes)}:${pad(seconds)}${separator}${pad(ms % 1000, 3)}`;
}
