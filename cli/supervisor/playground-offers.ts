import type { AppConfig } from '../../config/load-config.js';
import type { Offer, Offers } from '../../playground/offers.js';
import { CALL_MODES, type CallMode } from '../../protocol/call-choice.js';
import { findProvider } from '../../providers/find-provider.js';

/** What the page lets a caller choose among: every provider whose variables are complete. */
export function playgroundOffers(offers: AppConfig['offers'], mode: CallMode | undefined): Offers {
  const plain = (kind: 'stt' | 'llm', id: string): Offer => ({
    id,
    title: findProvider(kind, id).title,
  });
  return {
    modes: mode === 'transcription' ? [mode] : CALL_MODES,
    stt: offers.stt.map(({ provider }) => plain('stt', provider)),
    llm: offers.llm.map(({ provider }) => plain('llm', provider)),
    tts: offers.tts.map(({ provider, ...options }): Offer => {
      const { title, voices, ...definition } = findProvider('tts', provider);
      if (!voices) return { id: provider, title };
      const parsed = definition.options.parse(options);
      const voice = parsed[voices.option];
      return {
        id: provider,
        title,
        voices: voices.list(parsed),
        voice: typeof voice === 'string' ? voice : undefined,
      };
    }),
  };
}
