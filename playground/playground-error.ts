/** A refusal with its HTTP status; the message is a sentence for the person at the page. */
export class PlaygroundError extends Error {
  override readonly name = 'PlaygroundError';

  /** @param code stable, for programs: "bad_request" */
  constructor(
    readonly statusCode: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
