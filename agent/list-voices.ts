import { voiceListAnswer, type VoiceList } from '../protocol/voice-list.js';

/** The list is asked for while a caller waits. */
const ANSWER_WITHIN_MS = 2000;

/** The voices of a provider; none where the service does not say. */
export const listVoices = async (voices: VoiceList): Promise<readonly string[]> => {
  if ('names' in voices) return voices.names;
  try {
    const response = await fetch(voices.url, {
      headers: voices.apiKey === undefined ? {} : { authorization: `Bearer ${voices.apiKey}` },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return voiceListAnswer.parse(await response.json()).voices;
  } catch {
    return [];
  }
};
