import { inference, voice } from '@livekit/agents';
import { ProviderFactory } from '../providers/provider-factory.js';
import type { LLMConfig, STTConfig, TTSConfig } from '../providers/registry.js';

/**
 * Custom and native providers in one session: each part is the framework's own kind of object, so
 * any three go together. Who makes which is the caller's choice:
 *
 * @example
 * ```ts
 * const session = createMixedSession({
 *   stt: { provider: 'custom-websocket', protocol: 'deepgram', wsUrl: 'wss://api.deepgram.com/v1/listen', apiKey },
 *   llm: { provider: 'openai', apiKey: openaiKey },
 *   tts: { provider: 'jetson' },
 * });
 * await session.start({ agent: new voice.Agent({ instructions: 'Be brief.' }), room: ctx.room });
 * ```
 */
export const createMixedSession = (parts: {
  stt: STTConfig;
  llm: LLMConfig;
  tts: TTSConfig;
}): voice.AgentSession =>
  new voice.AgentSession({
    stt: ProviderFactory.createSTT(parts.stt),
    llm: ProviderFactory.createLLM(parts.llm),
    tts: ProviderFactory.createTTS(parts.tts),
    vad: new inference.VAD(),
    // The detector of the framework; 'adaptive' interruptions would be a cloud service.
    turnHandling: { turnDetection: 'vad', interruption: { mode: 'vad' } },
  });
