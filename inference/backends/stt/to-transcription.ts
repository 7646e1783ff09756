import { endsSentence } from '../../asr/sentences.js';
import type { RecognisedWord, Recognition } from '../../engines/speech-to-text-engine.js';
import type { TranscriptionResult, TranscriptionSegment } from './stt-backend.js';

/** A recognition with its sentences as segments. @param durationMs - of the audio */
export function toTranscription(heard: Recognition, durationMs: number): TranscriptionResult {
  return { ...heard, segments: segmentsOf(heard, durationMs), durationMs };
}

function segmentsOf({ text, words }: Recognition, durationMs: number): TranscriptionSegment[] {
  if (text === '') return [];
  if (words.length === 0) return [{ text, startMs: 0, endMs: durationMs }];
  const segments: TranscriptionSegment[] = [];
  let sentence: RecognisedWord[] = [];
  for (const [i, word] of words.entries()) {
    sentence.push(word);
    if (!endsSentence(word.text) && i < words.length - 1) continue;
    segments.push({
      text: sentence.map((one) => one.text).join(' '),
      startMs: sentence[0]?.startMs ?? 0,
      endMs: word.endMs,
    });
    sentence = [];
  }
  return segments;
}
