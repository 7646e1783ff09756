import type { AppConfig } from '../../config/load-config.js';
import type { Variables } from '../../config/read-variables.js';

/** What one look showed. `skip`: could not be looked at, and why is said in `detail`. */
export interface Finding {
  /** What was looked at: "ports", "stt deepgram". */
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail' | 'skip';
  /** What was seen, a sentence without a secret. */
  readonly detail: string;
  /** The one thing to do. Every `fail` has one. */
  readonly remedy?: string;
  /** How long the thing itself took, in ms. */
  readonly latencyMs?: number;
}

/** What checks look at. Clock and disk can be replaced, because a test cannot break the machine's own. */
export interface DoctorContext {
  readonly config: AppConfig;
  readonly variables: Variables;
  /** ms since 1970. */
  readonly now: () => number;
  /** Bytes that this user may write where `path` is or would be. */
  readonly freeBytes: (path: string) => Promise<number>;
  /** Ends everything when the doctor's time is over. */
  readonly signal: AbortSignal;
}

/** One kind of look. Throws only for a bug. */
export type Check = (context: DoctorContext) => Promise<readonly Finding[]>;
