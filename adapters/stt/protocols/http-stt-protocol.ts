import type { FailureContext } from '../../to-api-error.js';
import type { HttpRequest } from '../../transport/http-client.js';
import type { TranscriptResult } from '../transcript-result.js';

/** What a protocol may need to know of the adapter it speaks for. */
export interface HttpSTTSettings {
  /** Address of the route, as configured. */
  readonly endpointUrl: string;
  readonly apiKey: string | undefined;
  /** BCP 47 tag; `undefined` leaves the choice to the service. */
  readonly language: string | undefined;
  /** Recognition model; `undefined` leaves the choice to the protocol. */
  readonly model: string | undefined;
  /** Of the WAV, in Hz. */
  readonly sampleRate: number;
}

/**
 * The message format of a speech-to-text service that takes one request an utterance. Stateless:
 * one object serves any number of requests. Implement this, or override `sendAudioChunk` of
 * `CustomHTTPSTTAdapter`.
 */
export interface HttpSTTProtocol {
  /** For logs. */
  readonly name: string;
  /** The vendor's address; left out for servers of one's own. */
  readonly defaultUrl?: string;
  /** The request for one utterance: a WAV file, 16-bit mono at the settings' rate. */
  request(wav: Uint8Array, settings: HttpSTTSettings): HttpRequest;
  /**
   * What a successful answer says. Times in ms from the beginning of the WAV.
   *
   * @throws {AdapterError} `empty-response` or `bad-response`
   */
  parseAnswer(
    bytes: Uint8Array,
    contentType: string | undefined,
    context: FailureContext,
  ): TranscriptResult;
}
