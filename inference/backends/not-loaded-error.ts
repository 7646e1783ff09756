/** A backend was used before its model was loaded, or after it was unloaded. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError';

  /** @param backend - its name */
  constructor(backend: string) {
    super(`The backend ${backend} has no model loaded: call load() first and wait for it.`);
  }
}
