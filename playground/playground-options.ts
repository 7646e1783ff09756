import type { Offers } from './offers.js';

/** One part that a call needs, and where it says whether it is well. */
export interface PartToCheck {
  readonly name: string;
  /** Answers 2xx when the part can do its work. */
  readonly url: string;
}

/** Everything the page's server needs to know. */
export interface PlaygroundOptions {
  readonly livekit: {
    /** ws:// or wss:// */
    readonly url: string;
    readonly apiKey: string;
    readonly apiSecret: string;
    /** The development server of this machine. Tokens for any other one are not given out. */
    readonly isLocal: boolean;
  };
  /** Set: the token asks for this agent by name (explicit dispatch). */
  readonly agentName?: string | undefined;
  /** What a caller may choose among. Absent: nothing. */
  readonly offers?: Offers | undefined;
  /** What has to be well before /healthz says so. */
  readonly parts: readonly PartToCheck[];
  /** Host names by which the page may be opened, besides localhost and addresses in figures. */
  readonly allowedHosts?: readonly string[];
}
