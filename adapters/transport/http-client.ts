import { Agent, request, type Dispatcher, type FormData } from 'undici';
import { createAdapterError, type AdapterError } from '../adapter-error.js';
import type { AdapterErrorCode } from '../error-codes.js';
import { fromHttpStatus, toAPIError, type FailureContext } from '../to-api-error.js';

/** Sockets to one service at most: a voice call needs two, a worker's calls share the process. */
const MAX_CONNECTIONS = 8;
/** An idle socket is kept this long, so that the next utterance pays for no handshake. */
const KEEP_ALIVE_MS = 30_000;
/** TCP and TLS handshake. */
const CONNECT_TIMEOUT_MS = 5000;
/** Of an error's body, this much is read for the message. */
const MAX_ERROR_BYTES = 4096;

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'POST' | 'PUT' | 'GET';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | FormData;
}

/** Time limits of a request, in ms. Each has a code of its own, so that the log says which one it was. */
export interface HttpLimits {
  /** The whole request, body included. */
  readonly totalMs: number;
  /** Until the first byte of the body. Default: no limit of its own. */
  readonly firstByteMs?: number;
  /** Between two parts of the body. Default: no limit of its own. */
  readonly stallMs?: number;
  readonly maxBytes: number;
}

export interface HttpAnswer {
  readonly headers: Readonly<Record<string, string>>;
  /** Parts of the body as they arrive. Ends normally only if the body is complete. */
  readonly body: AsyncGenerator<Uint8Array, void, undefined>;
}

const flatten = (headers: Dispatcher.ResponseData['headers']): Record<string, string> => {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) flat[name.toLowerCase()] = first;
  }
  return flat;
};

/** One abort signal fed by the caller and by time limits; remembers which of them it was. */
class Deadline {
  readonly #controller = new AbortController();
  readonly #total: NodeJS.Timeout;
  #part: NodeJS.Timeout | undefined;
  #reason: AdapterError | undefined;

  constructor(
    private readonly caller: AbortSignal,
    totalMs: number,
    private readonly context: FailureContext,
  ) {
    caller.addEventListener('abort', this.#onAbort, { once: true });
    this.#total = this.#timer('request-timeout', totalMs);
    if (caller.aborted) this.#onAbort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Replaces the limit on the next part. */
  expect(code: AdapterErrorCode, ms: number | undefined): void {
    clearTimeout(this.#part);
    this.#part = ms === undefined ? undefined : this.#timer(code, ms);
  }

  /** The error to throw for `failure`: the limit's, if it was a limit that ended the request. */
  explain(failure: unknown): AdapterError {
    return this.#reason ?? toAPIError(failure, this.context);
  }

  dispose(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#part);
    this.caller.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.#end(
      createAdapterError({ code: 'aborted', message: `${this.context.what} was withdrawn` }),
    );
  };

  #timer(code: AdapterErrorCode, ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#end(
        createAdapterError({
          code,
          message: `${this.context.what} exceeded its limit of ${ms} ms`,
        }),
      );
    }, ms);
  }

  #end(reason: AdapterError): void {
    this.#reason ??= reason;
    this.#controller.abort();
  }
}

/**
 * HTTP over a keep-alive pool of its own. Whoever creates one closes it.
 *
 * Every failure is an {@link AdapterError}: a status that is not a success, a limit exceeded, a
 * broken connection, a body that is too large.
 */
export class HttpClient {
  readonly #agent = new Agent({
    connections: MAX_CONNECTIONS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // Our own limits apply: undici's are rounded to seconds and say nothing of which one it was.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  /**
   * Sends a request and hands over the body as it arrives. The body must be read to its end or
   * returned early (`for await … break`): either way its socket goes back or is destroyed.
   *
   * @throws {AdapterError}
   */
  async open(
    what: HttpRequest,
    limits: HttpLimits,
    signal: AbortSignal,
    context: FailureContext,
  ): Promise<HttpAnswer> {
    const deadline = new Deadline(signal, limits.totalMs, context);
    try {
      deadline.expect('first-byte-timeout', limits.firstByteMs);
      const response = await request(what.url, {
        method: what.method ?? 'POST',
        headers: { ...what.headers },
        body: what.body ?? null,
        dispatcher: this.#agent,
        signal: deadline.signal,
      });
      const headers = flatten(response.headers);
      if (response.statusCode < 200 || response.statusCode >= 300) {
        const text = await readStart(response.body);
        throw fromHttpStatus(response.statusCode, text, headers['retry-after'], context);
      }
      return { headers, body: readBody(response.body, limits, deadline, context) };
    } catch (error) {
      deadline.dispose();
      throw deadline.explain(error);
    }
  }

  /**
   * Sends a request and reads the whole body.
   *
   * @throws {AdapterError}
   */
  async fetchBytes(
    what: HttpRequest,
    limits: HttpLimits,
    signal: AbortSignal,
    context: FailureContext,
  ): Promise<{ headers: Readonly<Record<string, string>>; bytes: Uint8Array }> {
    const answer = await this.open(what, limits, signal, context);
    const parts: Uint8Array[] = [];
    for await (const part of answer.body) parts.push(part);
    return { headers: answer.headers, bytes: Buffer.concat(parts) };
  }

  /** Ends running requests and closes the pool. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

const readStart = async (body: Dispatcher.ResponseData['body']): Promise<string> => {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body) {
      parts.push(part as Buffer);
      size += (part as Buffer).length;
      if (size >= MAX_ERROR_BYTES) break;
    }
  } catch {
    // The status is the news; a body that breaks off adds nothing.
  }
  return Buffer.concat(parts).subarray(0, MAX_ERROR_BYTES).toString('utf8');
};

async function* readBody(
  body: Dispatcher.ResponseData['body'],
  limits: HttpLimits,
  deadline: Deadline,
  context: FailureContext,
): AsyncGenerator<Uint8Array, void, undefined> {
  let size = 0;
  try {
    for await (const part of body) {
      const bytes = part as Buffer;
      // While the consumer works on a part, the service is not to blame for the silence.
      deadline.expect('stalled', undefined);
      size += bytes.length;
      if (size > limits.maxBytes) {
        throw createAdapterError({
          code: 'response-too-large',
          message: `${context.what} answered with more than ${limits.maxBytes} bytes`,
        });
      }
      yield bytes;
      deadline.expect('stalled', limits.stallMs);
    }
  } catch (error) {
    throw deadline.explain(error);
  } finally {
    deadline.dispose();
    body.destroy();
  }
}
