/** A service answered, and the answer cannot be one to what was asked. */
export class NonsenseError extends Error {
  override readonly name = 'NonsenseError';
}
