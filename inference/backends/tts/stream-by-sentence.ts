import { splitSpeech } from '../../speech/split-speech.js';
import type { SynthesisResult, SynthesizeOptions, TTSBackend } from './tts-backend.js';

/** Speaks a text piece by piece, the next one when the last was taken. `metadata` says which of how many. */
export async function* streamBySentence(
  backend: Pick<TTSBackend, 'synthesize'>,
  text: string,
  options: SynthesizeOptions = {},
): AsyncGenerator<SynthesisResult, void, undefined> {
  const pieces = splitSpeech(text);
  for (const [chunkIndex, piece] of pieces.entries()) {
    options.signal?.throwIfAborted();
    const result = await backend.synthesize(piece, options);
    const metadata = { ...result.metadata, chunkIndex, totalChunks: pieces.length };
    yield { ...result, metadata };
  }
}
