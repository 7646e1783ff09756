/** What a line of the fault table measured. */
export interface Outcome {
  /** As it stands in the table. */
  readonly text: string;
  /** Whether the target is met. */
  readonly ok: boolean;
}

/** One line of the fault table: a fault, its target, and how ours and the native plugin fare. */
export interface FaultLine {
  readonly name: string;
  readonly target: string;
  /** Also run by `npm test`, which has no time for the long ones. */
  readonly quick: boolean;
  readonly ours: () => Promise<Outcome>;
  readonly native?: () => Promise<Outcome>;
}

/** Seconds with one decimal. */
export const inSeconds = (seconds: number): string => `${seconds.toFixed(1)} s`;
