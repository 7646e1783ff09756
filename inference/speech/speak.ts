import type { TextToSpeechEngine } from '../engines/text-to-speech-engine.js';
import { splitSpeech } from './split-speech.js';

/** What is to be spoken. */
export interface SpeakRequest {
  readonly text: string;
  readonly speed: number;
  /** In Hz. */
  readonly sampleRate: number;
  readonly signal: AbortSignal;
}

/**
 * Speaks a text piece by piece as mono s16le. The next piece is made while the last one is sent, and no more than that: a
 * slow client holds one piece, not a whole text.
 *
 * @throws as the engine does, or the signal's reason
 */
export async function* speak(
  engine: TextToSpeechEngine,
  { text, speed, sampleRate, signal }: SpeakRequest,
): AsyncGenerator<Uint8Array, void, undefined> {
  const make = (piece: string): Promise<Uint8Array> => {
    const audio = engine.synthesise({ text: piece, speed, sampleRate, signal });
    audio.catch(() => undefined); // reported where it is awaited; the listener may have left before
    return audio;
  };
  const pieces = splitSpeech(text);
  let next = pieces[0] === undefined ? undefined : make(pieces[0]);
  for (let i = 0; next !== undefined; i += 1) {
    const audio = await next;
    signal.throwIfAborted();
    const following = pieces[i + 1];
    next = following === undefined ? undefined : make(following);
    if (audio.byteLength > 0) yield audio;
  }
}
