/** Thrown inside a worker when what the client sent is at fault; it becomes a 400 outside. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
