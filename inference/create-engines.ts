import { availableParallelism } from 'node:os';
import type { EndpointEngines } from './endpoint-engines.js';
import { LlamaEngine } from './engines/llama/llama-engine.js';
import { PiperEngine } from './engines/piper/piper-engine.js';
import { SileroEngine } from './engines/silero/silero-engine.js';
import { WhisperEngine } from './engines/whisper/whisper-engine.js';
import { MAX_CLIP_MS } from './server-limits.js';

/** Threads beyond this bring nothing for models of this size, and engine threads spin. */
export const MAX_DEFAULT_THREADS = 4;

/** Which models, and how. */
export interface EngineSettings {
  readonly sttModel: string;
  readonly ttsModel: string;
  readonly llmModel: string;
  readonly vadModel: string;
  /** Threads of an engine; default: the number of cores, at most {@link MAX_DEFAULT_THREADS}. */
  readonly threads?: number | undefined;
  readonly onEvent?: ((message: string) => void) | undefined;
}

/** Makes the engines; nothing is loaded yet. */
export function createEngines(settings: EngineSettings): EndpointEngines {
  const { onEvent } = settings;
  const threads = settings.threads ?? Math.min(availableParallelism(), MAX_DEFAULT_THREADS);
  return {
    stt: new WhisperEngine({ model: settings.sttModel, threads, onEvent }),
    tts: new PiperEngine({ model: settings.ttsModel, threads, onEvent }),
    llm: new LlamaEngine({ model: settings.llmModel, threads, onEvent }),
    vad: new SileroEngine({ model: settings.vadModel, maxClipMs: MAX_CLIP_MS, onEvent }),
  };
}
