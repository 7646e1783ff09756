import { readFile } from 'node:fs/promises';
import { ClipError, findSpeechEndMs, type Clip } from './read-clip.js';
import type { SpokenText } from './speak-text.js';

/** A conversation of an hour; more is another kind of file. */
const MOST_LINES = 500;
const LONGEST_LINE = 1000;

/**
 * Reads a conversation script: one line a question, spoken by the configured voice; empty lines and lines that
 * begin with # are passed over.
 * @throws {ClipError} naming the file and what is wrong with it
 */
export const readScript = async (
  path: string,
  speak: (text: string) => Promise<SpokenText>,
): Promise<Clip[]> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ClipError(`${path} cannot be read: ${code ?? message}.`);
  });
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) throw new ClipError(`${path} has no line to say.`);
  if (lines.length > MOST_LINES) {
    throw new ClipError(
      `${path} has ${lines.length} lines to say; a script may have ${MOST_LINES}.`,
    );
  }
  const clips: Clip[] = [];
  for (const line of lines) {
    if (line.length > LONGEST_LINE) {
      throw new ClipError(
        `${path} has a line of ${line.length} characters; a question may have ${LONGEST_LINE}.`,
      );
    }
    const { samples } = await speak(line).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ClipError(`"${line}" cannot be spoken: ${reason}`);
    });
    if (samples.length === 0)
      throw new ClipError(`"${line}" was spoken as silence; TTS_PROVIDER says by whom.`);
    clips.push({ name: line, samples, speechEndMs: findSpeechEndMs(samples) });
  }
  return clips;
};
