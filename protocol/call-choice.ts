import { z } from 'zod';

/** Long enough for every provider id and voice name, too short to carry anything else. */
const MAX_NAME_CHARACTERS = 200;
const name = z.string().min(1).max(MAX_NAME_CHARACTERS);

/** What an agent can be there for: to talk, or to write down what everybody says. */
export const CALL_MODES = ['conversation', 'transcription'] as const;

export type CallMode = (typeof CALL_MODES)[number];

/**
 * What a caller asked for on the page: ids of providers and the voice. It travels in the signed metadata of the
 * caller's token as `{"earshot": {…}}`, so that callers cannot change it, and the worker checks it against what
 * it offers before it is used.
 */
export const callChoice = z.strictObject({
  mode: z.enum(CALL_MODES).optional(),
  stt: name.optional(),
  llm: name.optional(),
  tts: name.optional(),
  voice: name.optional(),
});

export type CallChoice = z.infer<typeof callChoice>;

const callerMetadata = z.object({ earshot: callChoice });

/** The metadata of a caller's token. */
export const writeCallChoice = (choice: CallChoice): string => JSON.stringify({ earshot: choice });

/** @returns undefined for metadata that is empty or of somebody else. */
export const readCallChoice = (metadata: string): CallChoice | undefined => {
  try {
    return callerMetadata.safeParse(JSON.parse(metadata)).data?.earshot;
  } catch {
    return undefined;
  }
};
