/** A start that cannot go on, told in a sentence for a person: printed without a stack trace. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
