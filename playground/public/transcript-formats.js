/**
 * Words of a call as files. A segment: `{speaker, text, fromMs, toMs, interrupted?}`, times in ms since 1970.
 * Subtitles count from the start of the call; text has the time of day.
 */

/** A subtitle of no length would not be shown. */
const SHORTEST_CUE_MS = 500;

/** How a file is made, and what browsers call it. */
export const FORMATS = {
  txt: { mime: 'text/plain', write: toText },
  srt: { mime: 'application/x-subrip', write: toSrt },
  vtt: { mime: 'text/vtt', write: toVtt },
  json: { mime: 'application/json', write: toJson },
};

/** One line a segment: `[14:03:09] You: What is the capital of France?` */
export function toText(segments) {
  return lines(segments.map((s) => `[${timeOfDay(s.fromMs)}] ${s.speaker}: ${oneLine(s.text)}`));
}

/** SubRip: numbered cues, a comma before the milliseconds. */
export function toSrt(segments, startedMs) {
  return cues(segments, startedMs)
    .map(
      ({ from, to, speaker, text }, index) =>
        `${index + 1}\n${clock(from, ',')} --> ${clock(to, ',')}\n${speaker}: ${text}\n`,
    )
    .join('\n');
}

/** WebVTT (https://www.w3.org/TR/webvtt1/): the speaker is a voice span. */
export function toVtt(segments, startedMs) {
  const body = cues(segments, startedMs).map(
    ({ from, to, speaker, text }) =>
      `${clock(from, '.')} --> ${clock(to, '.')}\n<v ${escape(speaker)}>${escape(text)}</v>\n`,
  );
  return ['WEBVTT\n', ...body].join('\n');
}

/** `{startedAt, segments: [{speaker, text, from, to, interrupted?}]}`, times as ISO 8601. */
export function toJson(segments, startedMs) {
  const iso = (ms) => new Date(ms).toISOString();
  const plain = segments.map(({ speaker, text, fromMs, toMs, interrupted }) => ({
    speaker,
    text,
    from: iso(fromMs),
    to: iso(toMs),
    ...(interrupted ? { interrupted } : {}),
  }));
  return `${JSON.stringify({ startedAt: iso(startedMs), segments: plain }, null, 2)}\n`;
}

/** @param {number} ms since 1970 @returns {string} in the reader's time zone: 14:03:09 */
export function timeOfDay(ms) {
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => pad(n)).join(':');
}

function cues(segments, startedMs) {
  return segments.map(({ speaker, text, fromMs, toMs }) => {
    const from = Math.max(0, fromMs - startedMs);
    const to = Math.max(from + SHORTEST_CUE_MS, toMs - startedMs);
    return { from, to, speaker, text: oneLine(text) };
  });
}

function clock(ms, separator) {
  const whole = Math.round(ms);
  const hours = pad(Math.floor(whole / 3_600_000));
  const minutes = pad(Math.floor(whole / 60_000) % 60);
  const seconds = pad(Math.floor(whole / 1000) % 60);
  return `${hours}:${minutes}:${seconds}${separator}${pad(whole % 1000, 3)}`;
}

// An empty line ends a cue, and "-->" would begin one.
function oneLine(text) {
  return text.replace(/\s+/g, ' ').replaceAll('-->', '→').trim();
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function pad(number, length = 2) {
  return String(number).padStart(length, '0');
}

function lines(all) {
  return all.map((line) => `${line}\n`).join('');
}
