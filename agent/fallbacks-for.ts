import type { AppConfig } from '../config/load-config.js';

/** The fallbacks of a call. The caller may have chosen one of them: it is not its own. */
export const fallbacksFor = ({ stt, llm, tts, fallbacks }: AppConfig): AppConfig['fallbacks'] => ({
  stt: fallbacks.stt.filter(({ provider }) => provider !== stt.provider),
  llm: fallbacks.llm.filter(({ provider }) => provider !== llm.provider),
  tts: fallbacks.tts.filter(({ provider }) => provider !== tts.provider),
});
