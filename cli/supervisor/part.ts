import type { PortClaim } from './check-port.js';

/** What a part tells about itself while it comes up. */
export interface PartContext {
  /** Shown in the part's line. @param fraction 0…1, where it is known how much is left. */
  readonly report: (detail: string, fraction?: number) => void;
  /** Aborted when the supervisor stops: give up and throw. */
  readonly signal: AbortSignal;
}

/** Answer to "are you ready?". */
export type Health = { readonly ready: true } | { readonly ready: false; readonly detail?: string };

interface PartBase {
  /** Shown in front of the part's line and of each of its log lines. */
  readonly name: string;
  /** Names of the parts that must be ready before this one starts. */
  readonly needs: readonly string[];
  /** Shown once the part is ready, an address for example. */
  readonly detail?: string;
}

/** Something that is done once, such as fetching the models. Its result is shown in the line. */
export interface TaskPart extends PartBase {
  readonly kind: 'task';
  readonly run: (context: PartContext) => Promise<string | undefined>;
}

/** How a child is started. The environment is added to the supervisor's own. */
export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Written to its standard input, which otherwise is empty. */
  readonly input?: string;
}

/** A child process that is kept running. */
export interface ProcessPart extends PartBase {
  readonly kind: 'process';
  /** Found free before anything is started. */
  readonly ports: readonly PortClaim[];
  /** Finds out what to start; runs again before each restart. @throws StartError */
  readonly command: (context: PartContext) => ChildCommand | Promise<ChildCommand>;
  /** Asked until it says ready. Throwing means not ready yet. */
  readonly health: (signal: AbortSignal) => Promise<Health>;
  /** A start that takes longer has failed. */
  readonly readyWithinMs: number;
}

export type Part = TaskPart | ProcessPart;

/** Where a part stands, for the display. Durations in milliseconds. */
export type PartState =
  | { readonly kind: 'waiting'; readonly forParts: readonly string[] }
  | { readonly kind: 'starting'; readonly detail?: string; readonly fraction?: number }
  | { readonly kind: 'ready'; readonly detail?: string; readonly tookMs: number }
  | { readonly kind: 'restarting'; readonly reason: string; readonly inMs: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'stopped' };
