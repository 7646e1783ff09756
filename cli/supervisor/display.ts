import type { LogLine } from './log-line.js';
import type { PartState } from './part.js';

/** Where the supervisor tells what happens. */
export interface Display {
  readonly state: (part: string, state: PartState) => void;
  readonly log: (part: string, line: LogLine) => void;
  /** All parts are up: from here on only lines are written, nothing is redrawn. */
  readonly settle: () => void;
  /** A line of the supervisor's own. */
  readonly say: (text: string) => void;
}
