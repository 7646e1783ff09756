import { availableParallelism } from 'node:os';
import { MAX_CLIP_MS } from './server-limits.js';
import { LanguageModelSlot } from './engines/language-model-slot.js';
import { SileroEngine } from './engines/silero/silero-engine.js';
import { SpeechToTextSlot } from './engines/speech-to-text-slot.js';
import { TextToSpeechSlot } from './engines/text-to-speech-slot.js';
import { chooseDefaultSTT } from './models/default-stt.js';
import { chooseLLM } from './models/llm-choice.js';
import { ModelManager } from './models/model-manager.js';
import type { ModelPlaces } from './models/model-source.js';
import { chooseTTS } from './models/tts-choice.js';

/** Threads beyond this bring nothing for models of this size. */
export const MAX_DEFAULT_THREADS = 4;

/** Which models, and how. */
export interface EngineSettings {
  readonly sttModel: string;
  readonly ttsModel: string;
  readonly llmModel: string;
  readonly vadModel: string;
  /**
   * Threads of every engine. Default: for speech-to-text as many as there are cores, of which it uses what is free; half as
   * many for the other two, because a voice speaks while the language model writes. At most {@link MAX_DEFAULT_THREADS}.
   */
  readonly threads?: number | undefined;
  /** A model that nobody used for this long is unloaded, in s; never where it is missing. */
  readonly idleUnloadS?: number | undefined;
  /** What the process may take, in MB: `/load_model` refuses a model that does not fit. */
  readonly memoryMb?: number | undefined;
  readonly onEvent?: ((message: string) => void) | undefined;
}

/** The endpoint's engines, and what exchanges their models. */
export interface CreatedEngines {
  readonly stt: SpeechToTextSlot;
  readonly tts: TextToSpeechSlot;
  readonly llm: LanguageModelSlot;
  readonly vad: SileroEngine;
  readonly models: ModelManager;
}

/** Makes the engines; nothing is loaded yet. @throws ModelNotFoundError, BackendUnavailableError */
export async function createEngines(
  settings: EngineSettings,
  places: ModelPlaces,
): Promise<CreatedEngines> {
  const { onEvent, idleUnloadS, memoryMb } = settings;
  const cores = availableParallelism();
  const all = settings.threads ?? Math.min(cores, MAX_DEFAULT_THREADS);
  // Engine threads spin while they wait for each other: two engines with two threads each on two cores take ten times as long.
  const half =
    settings.threads ?? Math.min(Math.max(1, Math.floor(cores / 2)), MAX_DEFAULT_THREADS);
  const idleMs = idleUnloadS === undefined ? undefined : idleUnloadS * 1000;
  const context = { places, onEvent };
  const sttContext = { ...context, threads: all };
  const voice = await chooseTTS(settings.ttsModel, { ...context, threads: half });
  const writer = await chooseLLM(settings.llmModel, { ...context, threads: half });
  const listener = await chooseDefaultSTT(settings.sttModel, sttContext);
  const stt = new SpeechToTextSlot({ name: 'speech-to-text', onEvent, idleMs }, listener);
  const tts = new TextToSpeechSlot({ name: 'text-to-speech', onEvent, idleMs }, voice);
  const llm = new LanguageModelSlot({ name: 'language-model', onEvent, idleMs }, writer);
  const vad = new SileroEngine({ model: settings.vadModel, maxClipMs: MAX_CLIP_MS, onEvent });
  const others = [llm.worker, tts.worker];
  return { stt, tts, llm, vad, models: new ModelManager({ ...sttContext, stt, others, memoryMb }) };
}
