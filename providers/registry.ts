import type { z } from 'zod';
import { jetsonLLM } from './llm/jetson.js';
import { openaiLLM } from './llm/openai.js';
import { assemblyaiSTT } from './stt/assemblyai.js';
import { customHttpSTT } from './stt/custom-http.js';
import { customWebSocketSTT } from './stt/custom-websocket.js';
import { deepgramSTT } from './stt/deepgram.js';
import { googleSTT } from './stt/google.js';
import { jetsonSTT } from './stt/jetson.js';
import { openaiSTT } from './stt/openai.js';
import { customHttpTTS } from './tts/custom-http.js';
import { deepgramTTS } from './tts/deepgram.js';
import { jetsonTTS } from './tts/jetson.js';
import { openaiTTS } from './tts/openai.js';

/** Everything that can be chosen. A new provider is a file and a line here; the rest follows. */
export const registry = {
  stt: [
    jetsonSTT,
    customHttpSTT,
    customWebSocketSTT,
    openaiSTT,
    deepgramSTT,
    assemblyaiSTT,
    googleSTT,
  ],
  llm: [jetsonLLM, openaiLLM],
  tts: [jetsonTTS, customHttpTTS, openaiTTS, deepgramTTS],
} as const;

/** The three kinds of provider. */
export type ProviderKind = keyof typeof registry;

/** The definitions of one kind. */
export type DefinitionOf<Kind extends ProviderKind> = (typeof registry)[Kind][number];

/** Distributes over the definitions: each becomes `{ provider: its id } & its options`. */
type ConfigOf<Definition> = Definition extends {
  readonly id: infer Id;
  readonly options: infer Options extends z.ZodType;
}
  ? { provider: Id } & z.input<Options>
  : never;

/** What `ProviderFactory.createSTT` takes, e.g. `{ provider: 'deepgram', apiKey }`. */
export type STTConfig = ConfigOf<DefinitionOf<'stt'>>;
/** What `ProviderFactory.createLLM` takes. */
export type LLMConfig = ConfigOf<DefinitionOf<'llm'>>;
/** What `ProviderFactory.createTTS` takes. */
export type TTSConfig = ConfigOf<DefinitionOf<'tts'>>;
/** The config type of a kind. */
export type ProviderConfig<Kind extends ProviderKind> = ConfigOf<DefinitionOf<Kind>>;
