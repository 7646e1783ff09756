import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, EngineFailedError, EngineUnavailableError } from '../http/api-error.js';
import type {
  RecogniseRequest,
  Recognition,
  SpeechToTextEngine,
} from '../engines/speech-to-text-engine.js';
import { ENGINE_WAIT_MS, FINAL_TRIES } from './stream-limits.js';

/** Recognises what must not be lost: waits for an engine that restarts, and tries again. @throws the last error */
export async function recogniseWithRetry(
  stt: SpeechToTextEngine,
  request: RecogniseRequest,
): Promise<Recognition> {
  for (let attempt = 1; ; attempt += 1) {
    request.signal?.throwIfAborted();
    try {
      // A copy, because the samples are moved to the worker, and a dead worker does not give them back.
      return await stt.recognise({ ...request, samples: request.samples.slice() });
    } catch (error) {
      if (attempt >= FINAL_TRIES || !(error instanceof ApiError)) throw error;
      if (error instanceof EngineFailedError || error instanceof EngineUnavailableError) {
        await stt.whenReady(ENGINE_WAIT_MS);
      } else {
        await delay((error.retryAfterS ?? 1) * 1000, undefined, { signal: request.signal });
      }
    }
  }
}
