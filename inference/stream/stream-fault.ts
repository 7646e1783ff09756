import type { StreamServerMessage } from '../../protocol/stream-messages.js';
import { ApiError } from '../http/api-error.js';

/** Codes of a stream's error message. */
export type StreamErrorCode = Extract<StreamServerMessage, { type: 'error' }>['code'];

/** What ends a stream: the error message and the close code that follows it. */
export class StreamFault extends Error {
  override readonly name = 'StreamFault';

  constructor(
    readonly closeCode: number,
    readonly code: StreamErrorCode,
    message: string,
    readonly retryable = false,
  ) {
    super(message);
  }
}

/** Whatever was thrown while a stream was served, as the fault that its client gets. */
export function faultOf(error: unknown): StreamFault {
  if (error instanceof StreamFault) return error;
  if (error instanceof ApiError) {
    return error.status === 429
      ? new StreamFault(1013, 'overloaded', error.message, true)
      : new StreamFault(1011, 'engine-failed', error.message, true);
  }
  return new StreamFault(
    1011,
    'engine-failed',
    'Something failed inside the endpoint; its log says more.',
    true,
  );
}
