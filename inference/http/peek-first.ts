/**
 * Waits for the first part of an answer before it is begun, so that an engine that refuses becomes a status (429, 5xx) and not
 * a broken 200.
 *
 * @throws what the first part throws
 */
export async function peekFirst<T>(
  parts: AsyncGenerator<T, void, undefined>,
): Promise<AsyncGenerator<T, void, undefined>> {
  const first = await parts.next();
  return (async function* () {
    try {
      if (first.done !== true) yield first.value;
      yield* parts;
    } finally {
      await parts.return();
    }
  })();
}
