import type { AppConfig } from '../../config/load-config.js';
import type { CallMode } from '../../protocol/call-choice.js';

/** What the supervisor has to know of the configuration. Ports are settled: none is 0. */
export interface StartOptions {
  readonly livekit: {
    readonly url: string;
    readonly apiKey: string;
    readonly apiSecret: string;
    /** No LIVEKIT_URL was given: a server is started here. */
    readonly isLocal: boolean;
    readonly port: number;
    readonly tcpPort: number;
    readonly udpPort: number;
  };
  readonly inference: { readonly host: string; readonly port: number };
  /** A chosen provider is served by the endpoint on this machine. */
  readonly needsLocalInference: boolean;
  readonly worker: { readonly port: number };
  readonly agent: { readonly name: string | undefined; readonly mode?: CallMode };
  /** Absent: the page offers nothing to choose. */
  readonly offers?: AppConfig['offers'];
  readonly logLevel: string;
  readonly playground: { readonly host: string; readonly port: number };
}
