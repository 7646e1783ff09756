import type { CallChoice, CallMode } from '../protocol/call-choice.js';
import { voiceListAnswer, type VoiceList } from '../protocol/voice-list.js';
import { PlaygroundError } from './playground-error.js';

/** The endpoint is on this machine or next to it; the page shows no voices rather than to wait longer. */
const VOICES_WITHIN_MS = 3_000;

/** Something to choose. */
export interface Offer {
  readonly id: string;
  /** How people call it. */
  readonly title: string;
  /** Speech providers whose voices can be listed. */
  readonly voices?: VoiceList | undefined;
  /** The voice it speaks with when nobody chooses one. */
  readonly voice?: string | undefined;
}

/** What a caller may choose among; the first of each is what is used when nobody chooses. */
export interface Offers {
  readonly modes: readonly CallMode[];
  readonly stt: readonly Offer[];
  readonly llm: readonly Offer[];
  readonly tts: readonly Offer[];
}

/** Answer of `GET /offers`: the same with the voices as names, and without addresses and keys. */
export async function listOffers(offers: Offers): Promise<object> {
  const plain = ({ id, title }: Offer): object => ({ id, title });
  const withVoices = async (offer: Offer): Promise<object> => ({
    ...plain(offer),
    voice: offer.voice,
    voices: await namesOf(offer.voices),
  });
  return {
    modes: offers.modes,
    stt: offers.stt.map(plain),
    llm: offers.llm.map(plain),
    tts: await Promise.all(offers.tts.map(withVoices)),
  };
}

/** @throws PlaygroundError 400 naming the first choice that is not offered, and what is. */
export function checkChoice(choice: CallChoice, offers: Offers | undefined): void {
  const allowed = {
    mode: offers?.modes ?? [],
    stt: (offers?.stt ?? []).map(({ id }) => id),
    llm: (offers?.llm ?? []).map(({ id }) => id),
    tts: (offers?.tts ?? []).map(({ id }) => id),
  };
  for (const [field, ids] of Object.entries(allowed) as [keyof typeof allowed, string[]][]) {
    const wanted = choice[field];
    if (wanted === undefined || ids.includes(wanted)) continue;
    throw new PlaygroundError(
      400,
      'not_offered',
      `This agent does not offer ${field} "${wanted}". It offers: ${ids.join(', ') || 'nothing to choose'}.`,
    );
  }
}

async function namesOf(voices: VoiceList | undefined): Promise<readonly string[]> {
  if (voices === undefined) return [];
  if ('names' in voices) return voices.names;
  try {
    const response = await fetch(voices.url, {
      headers: voices.apiKey === undefined ? {} : { authorization: `Bearer ${voices.apiKey}` },
      signal: AbortSignal.timeout(VOICES_WITHIN_MS),
    });
    return voiceListAnswer.parse(await response.json()).voices;
  } catch {
    // The endpoint is still loading, or gone: the page offers no voices then.
    return [];
  }
}
