import { inference, voice } from '@livekit/agents';
import type { ProviderChange } from '../adapters/fallback/provider-chain.js';
import type { AppConfig } from '../config/load-config.js';
import { fallbacksFor } from './fallbacks-for.js';
import { ProviderFactory } from '../providers/provider-factory.js';

/** A local model that is just loading answers late; a cloud that does not answer in 30 s will not. */
const LLM_TIMEOUT_MS = 30_000;

/** Longest wait for the next piece of speech; a slow local LLM may need it for its first sentence. */
const SPEECH_IDLE_TIMEOUT_MS = 30_000;

/** Silence before the detector is asked whether the turn ended; the detector allows no less than 250. */
const VAD_SILENCE_MS = 250;

/** Wait after the detector says "ended", and the longest wait when it says "not yet". */
const END_OF_TURN_MIN_MS = 200;
const END_OF_TURN_MAX_MS = 2000;

/** Speech shorter than this does not interrupt the agent: a cough, a door. */
const INTERRUPTION_MIN_MS = 300;

/**
 * Everything the session hears and says passes through here: the only assembly of an AgentSession.
 * @param onProvider Told when another provider answers than before.
 */
export const createSession = (
  config: AppConfig,
  onProvider: (change: ProviderChange) => void,
): voice.AgentSession => {
  const { stt, llm, tts } = fallbacksFor(config);
  return new voice.AgentSession({
    stt: ProviderFactory.createSTT(config.stt, { fallbacks: stt, onChange: onProvider }),
    llm: ProviderFactory.createLLM(config.llm, { fallbacks: llm, onChange: onProvider }),
    tts: ProviderFactory.createTTS(config.tts, { fallbacks: tts, onChange: onProvider }),
    vad: new inference.VAD({ minSilenceDuration: VAD_SILENCE_MS }),
    turnHandling: {
      // Pinned to the model in the package: by default `dev` asks LiveKit Cloud.
      turnDetection: new inference.TurnDetector({ version: 'v1-mini' }),
      endpointing: { mode: 'fixed', minDelay: END_OF_TURN_MIN_MS, maxDelay: END_OF_TURN_MAX_MS },
      // 'adaptive' is a cloud service.
      interruption: { enabled: true, mode: 'vad', minDuration: INTERRUPTION_MIN_MS },
      // The reply is written and spoken ahead while the pause may still end: most of the latency.
      preemptiveGeneration: { enabled: true, preemptiveTts: true },
    },
    connOptions: {
      llmConnOptions: { maxRetry: 3, retryIntervalMs: 500, timeoutMs: LLM_TIMEOUT_MS },
    },
    ttsReadIdleTimeout: SPEECH_IDLE_TIMEOUT_MS,
    forwardAudioIdleTimeout: SPEECH_IDLE_TIMEOUT_MS,
  });
};
