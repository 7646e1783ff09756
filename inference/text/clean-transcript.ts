/** What Whisper writes about sounds that are not speech: `[BLANK_AUDIO]`, `(music)`, `*coughs*`, `♪ la la ♪`. */
const SOUND_NOTES = /\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|♪[^♪]*♪?|>>/g;

/** Removes notes about sounds and superfluous white space; what has no letter or digit left becomes empty. */
export function cleanTranscript(text: string): string {
  const cleaned = text.replaceAll(SOUND_NOTES, ' ').replaceAll(/\s+/g, ' ').trim();
  return /[\p{L}\p{N}]/u.test(cleaned) ? cleaned : '';
}
