import type { RecognisedWord, SpeechToTextEngine } from '../engines/speech-to-text-engine.js';
import { STT_PRIORITY } from '../engines/stt-priority.js';
import type { AnalysedClip } from '../engines/voice-activity-engine.js';
import { planWindows } from './plan-windows.js';

const SAMPLES_PER_MS = 16;

/** A window's text with its place in the clip. */
export interface TranscriptSegment {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A clip's transcript. */
export interface ClipTranscript {
  readonly text: string;
  readonly language: string;
  readonly durationMs: number;
  readonly segments: readonly TranscriptSegment[];
  readonly words: readonly RecognisedWord[];
}

/** What a client may ask of a transcription. */
export interface TranscribeOptions {
  readonly language?: string | undefined;
  readonly prompt?: string | undefined;
  readonly temperature?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Receives each segment as soon as it is recognised. */
  readonly onSegment?: ((segment: TranscriptSegment) => void) | undefined;
}

/** Transcribes a clip of any length, window by window; one without speech has an empty text. @throws as the engine does */
export async function transcribeClip(
  engine: SpeechToTextEngine,
  clip: AnalysedClip,
  options: TranscribeOptions,
): Promise<ClipTranscript> {
  const windows = planWindows(clip.samples, clip.speech, engine.maxWindowMs * SAMPLES_PER_MS);
  const segments: TranscriptSegment[] = [];
  const words: RecognisedWord[] = [];
  let language = options.language ?? 'en';
  for (const { start, end } of windows) {
    options.signal?.throwIfAborted();
    const offsetMs = Math.round(start / SAMPLES_PER_MS);
    const heard = await engine.recognise({
      samples: clip.samples.slice(start, end),
      language: options.language,
      prompt: options.prompt,
      temperature: options.temperature,
      signal: options.signal,
      priority: STT_PRIORITY.clip,
    });
    language = heard.language;
    if (heard.text === '') continue;
    const shifted = heard.words.map((word) => ({
      text: word.text,
      startMs: word.startMs + offsetMs,
      endMs: word.endMs + offsetMs,
    }));
    words.push(...shifted);
    const segment = {
      text: heard.text,
      startMs: offsetMs,
      endMs: Math.round(end / SAMPLES_PER_MS),
    };
    segments.push(segment);
    options.onSegment?.(segment);
  }
  return {
    text: segments.map((segment) => segment.text).join(' '),
    language,
    durationMs: clip.durationMs,
    segments,
    words,
  };
}
