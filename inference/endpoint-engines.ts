import type { EngineHost } from './engines/engine-host.js';
import type { LanguageModelEngine } from './engines/language-model-engine.js';
import type { SpeechToTextEngine } from './engines/speech-to-text-engine.js';
import type { TextToSpeechEngine } from './engines/text-to-speech-engine.js';
import type { ModelManager } from './models/model-manager.js';
import type { VoiceActivityEngine } from './engines/voice-activity-engine.js';

/** The engines that the endpoint serves. */
export interface EndpointEngines {
  readonly stt: SpeechToTextEngine & EngineHost;
  readonly tts: TextToSpeechEngine & EngineHost;
  readonly llm: LanguageModelEngine & EngineHost;
  readonly vad: VoiceActivityEngine & EngineHost;
}

/** The engines in the order in which they are loaded and shown. */
export function engineHosts({ stt, tts, llm, vad }: EndpointEngines): readonly EngineHost[] {
  return [stt, tts, llm, vad];
}

/** What every route gets. */
export interface RouteContext {
  readonly engines: EndpointEngines;
  /** Exchanges models, and knows the backends. */
  readonly models: ModelManager;
  /** Streams at once. */
  readonly maxStreams: number;
  /** Progress of models that are still being fetched, in words; empty when there are none. */
  readonly loading: () => readonly string[];
}
