import type { stt } from '@livekit/agents';
import { joinWords } from '../stt/transcript-publisher.js';
import type { ConnectionTimeline } from '../stt/connection-timeline.js';

/** An event of one provider's stream on the clock of the whole stream. */
export const onSharedClock = (
  event: stt.SpeechEvent,
  timeline: ConnectionTimeline,
  offsetS: number,
): stt.SpeechEvent => {
  const [data, ...rest] = event.alternatives ?? [];
  if (data === undefined) return event;
  const shift = (seconds: number): number => offsetS + timeline.toStreamMs(seconds * 1000) / 1000;
  const shiftData = (one: stt.SpeechData): stt.SpeechData => {
    // Both zero: the provider gives no times.
    if (one.startTime === 0 && one.endTime === 0) return one;
    return {
      ...one,
      startTime: shift(one.startTime),
      endTime: shift(one.endTime),
      ...(one.words === undefined
        ? {}
        : {
            words: one.words.map((word) => ({
              ...word,
              ...(word.startTime === undefined ? {} : { startTime: shift(word.startTime) }),
              ...(word.endTime === undefined ? {} : { endTime: shift(word.endTime) }),
            })),
          }),
    };
  };
  return { ...event, alternatives: [shiftData(data), ...rest.map(shiftData)] };
};

/** The event without words heard before `upToS`: another provider's transcript had them already. */
export const withoutPublished = (event: stt.SpeechEvent, upToS: number): stt.SpeechEvent => {
  const [data, ...rest] = event.alternatives ?? [];
  if (data === undefined || data.startTime >= upToS || data.endTime === 0) return event;
  if (data.endTime <= upToS) return { ...event, alternatives: [{ ...data, text: '', words: [] }] };
  const words = data.words?.filter(
    ({ startTime = 0, endTime = 0 }) => (startTime + endTime) / 2 >= upToS,
  );
  if (words === undefined || words.length === data.words?.length) return event;
  const first = words[0]?.startTime ?? data.endTime;
  return {
    ...event,
    alternatives: [{ ...data, words, text: joinWords(words), startTime: first }, ...rest],
  };
};
