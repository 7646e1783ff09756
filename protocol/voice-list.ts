import { z } from 'zod';

/** Answer of `GET /v1/audio/voices`; other fields of a voice are ignored. */
export const voiceListAnswer = z.object({
  voices: z.array(z.object({ id: z.string() })).transform((voices) => voices.map(({ id }) => id)),
});

/** Where the voices of a speech provider are listed: here, or at an address that answers as above. */
export type VoiceList =
  | { readonly names: readonly string[] }
  | { readonly url: string; readonly apiKey?: string | undefined };
