/** Posts JSON to a route of the endpoint; a string or bytes are sent as they are. */
export const postJson = (
  url: string,
  body: object | string | Uint8Array<ArrayBuffer>,
  init: { readonly signal?: AbortSignal; readonly headers?: Record<string, string> } = {},
): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...init.headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    ...(init.signal ? { signal: init.signal } : {}),
  });
