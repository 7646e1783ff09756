import { availableParallelism } from 'node:os';
import type { EndpointEngines } from './endpoint-engines.js';
import { LlamaEngine } from './engines/llama/llama-engine.js';
import { PiperEngine } from './engines/piper/piper-engine.js';
import { SileroEngine } from './engines/silero/silero-engine.js';
import { WhisperEngine } from './engines/whisper/whisper-engine.js';
import { MAX_CLIP_MS } from './server-limits.js';

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
  readonly onEvent?: ((message: string) => void) | undefined;
}

/** Makes the engines; nothing is loaded yet. */
export function createEngines(settings: EngineSettings): EndpointEngines {
  const { onEvent } = settings;
  const cores = availableParallelism();
  const all = settings.threads ?? Math.min(cores, MAX_DEFAULT_THREADS);
  // Engine threads spin while they wait for each other: two engines with two threads each on two cores take ten times as long.
  const half =
    settings.threads ?? Math.min(Math.max(1, Math.floor(cores / 2)), MAX_DEFAULT_THREADS);
  return {
    stt: new WhisperEngine({ model: settings.sttModel, threads: all, onEvent }),
    tts: new PiperEngine({ model: settings.ttsModel, threads: half, onEvent }),
    llm: new LlamaEngine({ model: settings.llmModel, threads: half, onEvent }),
    vad: new SileroEngine({ model: settings.vadModel, maxClipMs: MAX_CLIP_MS, onEvent }),
  };
}
