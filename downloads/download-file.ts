import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { EnvHttpProxyAgent, interceptors, request, type Dispatcher } from 'undici';
import { SourceError, isDiskError } from './fetch-error.js';
import type { FetchLimits } from './fetch-limits.js';
import { explainHttpFailure, isCut } from './http-failure.js';

/** File hosts redirect to storage once or twice; more is a loop. */
const MAX_REDIRECTS = 5;
/** Milliseconds between two progress reports: enough for a bar, little beside the download. */
const REPORT_EVERY_MS = 100;

/** What to download. */
export interface DownloadRequest {
  readonly url: string;
  /** Where to save it; what an earlier, interrupted run left there is continued. */
  readonly file: string;
  /** Bytes of the whole file, where known. */
  readonly bytes?: number;
  /** The download ends with an error beyond this many bytes, so that a wrong answer can't fill the disk. */
  readonly maxBytes: number;
  readonly limits: FetchLimits;
  readonly onBytes?: (doneBytes: number, totalBytes: number | undefined) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Downloads a file over HTTP, continuing after cut connections and after earlier runs with a Range request.
 *
 * The caller verifies the result: a continued file whose original changed in the meantime shows as a wrong checksum.
 * HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured.
 *
 * @returns whether bytes of an earlier run were continued
 * @throws UnreachableError when the host can't be reached, SourceError when it answers with an error, stalls or sends too much, the
 *   file system's error when the file can't be written, the signal's reason when aborted
 */
export async function downloadFile(job: DownloadRequest): Promise<{ continued: boolean }> {
  const agent = new EnvHttpProxyAgent({
    connect: { timeout: job.limits.connectMs },
    headersTimeout: job.limits.headersMs,
    bodyTimeout: job.limits.stallMs,
  });
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: MAX_REDIRECTS }));
  const continued = (await sizeOf(job.file)) > 0;
  try {
    for (let fruitless = 0; ;) {
      const before = await sizeOf(job.file);
      try {
        await transfer(job, before, dispatcher);
        return { continued };
      } catch (error) {
        job.signal?.throwIfAborted();
        if (error instanceof SourceError || isDiskError(error)) throw error;
        const after = await sizeOf(job.file);
        fruitless = after > before ? 0 : fruitless + 1;
        const cut = after > 0 && isCut(error);
        if (!cut || fruitless >= job.limits.resumesWithoutProgress)
          throw explainHttpFailure(error, { url: job.url, limits: job.limits, doneBytes: after });
        await delay(job.limits.resumeDelayMs, undefined, signalOption(job.signal));
      }
    }
  } finally {
    await agent.destroy();
  }
}

async function transfer(
  job: DownloadRequest,
  offset: number,
  dispatcher: Dispatcher,
): Promise<void> {
  if (job.bytes !== undefined && offset === job.bytes) return;
  const { statusCode, headers, body } = await answer(job, {
    dispatcher,
    ...signalOption(job.signal),
    headers: {
      'user-agent': 'earshot',
      // A compressed answer would make ranges and sizes mean something else.
      'accept-encoding': 'identity',
      ...(offset > 0 ? { range: `bytes=${offset}-` } : {}),
    },
  });
  if (statusCode === 416) {
    // What is there is longer than the original, or is all of it: start afresh rather than guess.
    await body.dump();
    await rm(job.file, { force: true });
    return transfer(job, 0, dispatcher);
  }
  if (statusCode !== 200 && statusCode !== 206) {
    await body.dump();
    throw new SourceError(`the server answered ${statusCode} for ${job.url}`);
  }
  const start = statusCode === 206 ? offset : 0;
  const length = Number(headers['content-length']);
  const total = job.bytes ?? (Number.isSafeInteger(length) ? start + length : undefined);
  let done = start;
  let reportedAt = 0;
  await pipeline(
    body,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        done += chunk.length;
        if (done > job.maxBytes) {
          throw new SourceError(
            `${job.url} sends more than the ${job.maxBytes} bytes that were expected`,
          );
        }
        if (Date.now() - reportedAt >= REPORT_EVERY_MS) {
          reportedAt = Date.now();
          job.onBytes?.(done, total);
        }
        yield chunk;
      }
    },
    createWriteStream(job.file, { flags: start > 0 ? 'a' : 'w' }),
  );
  job.onBytes?.(done, total);
}

/**
 * Sends a request and waits for the head of the answer, not longer than connecting and answering may take together.
 *
 * undici notices neither an abort nor its own limits before it has a connection, and with a broken proxy it tries for ever to get one.
 */
async function answer(
  job: DownloadRequest,
  options: NonNullable<Parameters<typeof request>[1]>,
): ReturnType<typeof request> {
  const late = AbortSignal.timeout(job.limits.connectMs + job.limits.headersMs);
  const stop = job.signal === undefined ? late : AbortSignal.any([job.signal, late]);
  // A signal that aborted already sends no event any more.
  stop.throwIfAborted();
  const settled = new AbortController();
  const stopped = new Promise<never>((_resolve, reject) => {
    const onStop = (): void => {
      reject(asError(stop.reason));
    };
    stop.addEventListener('abort', onStop, { signal: settled.signal });
  });
  try {
    return await Promise.race([request(job.url, options), stopped]);
  } finally {
    settled.abort();
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

function signalOption(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
