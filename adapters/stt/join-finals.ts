import { normalizeLanguage, stt } from '@livekit/agents';

/** One final event for a whole recording, from the finals of its utterances. May be empty. */
export const joinFinals = (
  finals: readonly stt.SpeechData[],
  language: string | undefined,
  requestId: string,
): stt.SpeechEvent => {
  const first = finals[0];
  const last = finals.at(-1);
  const words = finals.flatMap((final) => final.words ?? []);
  return {
    type: stt.SpeechEventType.FINAL_TRANSCRIPT,
    requestId,
    alternatives: [
      {
        text: finals.map((final) => final.text).join(' '),
        language: first?.language ?? normalizeLanguage(language ?? ''),
        startTime: first?.startTime ?? 0,
        endTime: last?.endTime ?? 0,
        confidence: finals.length === 0 ? 0 : Math.min(...finals.map((final) => final.confidence)),
        ...(words.length === 0 ? {} : { words }),
      },
    ],
  };
};
