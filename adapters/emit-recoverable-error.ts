import { log } from '@livekit/agents';
import type { stt, tts } from '@livekit/agents';
import type { AdapterError } from './adapter-error.js';

/** Tells listeners of an STT about a failure that its stream survives. */
export const emitRecoverableSTTError = (source: stt.STT, error: AdapterError): void => {
  log().warn({ stt: source.label, code: error.code, error }, 'speech-to-text trouble, going on');
  // EventEmitter throws on 'error' without a listener: standalone use must not die of a notice.
  if (source.listenerCount('error') === 0) return;
  source.emit('error', {
    type: 'stt_error',
    timestamp: Date.now(),
    label: source.label,
    error,
    recoverable: true,
  });
};

/** Tells listeners of a TTS about a failure; `recoverable` says whether the reply goes on. */
export const emitTTSError = (source: tts.TTS, error: AdapterError, recoverable: boolean): void => {
  log().warn({ tts: source.label, code: error.code, error }, 'text-to-speech trouble');
  if (source.listenerCount('error') === 0) return;
  source.emit('error', {
    type: 'tts_error',
    timestamp: Date.now(),
    label: source.label,
    error,
    recoverable,
  });
};
