import type { FastifyRequest } from 'fastify';
import { MAX_UPLOAD_BYTES, MULTIPART_OVERHEAD_BYTES } from '../server-limits.js';
import { ApiError, invalidRequest } from './api-error.js';

/** An upload: its file and its text fields. */
export interface Upload {
  /** Owns its whole buffer, so that it can be moved to a worker. */
  readonly file: Uint8Array<ArrayBuffer>;
  readonly fields: Readonly<Record<string, string>>;
  /** Fields whose name ends in `[]`, by the name before it. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads a multipart request with one part `file`. Refuses by Content-Length before reading, and while reading when the length
 * was not told.
 *
 * @throws ApiError 400, 413 or 415
 */
export async function readUpload(request: FastifyRequest): Promise<Upload> {
  if (!request.isMultipart()) {
    throw new ApiError(415, 'Send the audio as multipart/form-data with a part named file.', {
      type: 'invalid_request_error',
    });
  }
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > MAX_UPLOAD_BYTES + MULTIPART_OVERHEAD_BYTES) throw tooLarge(announced);
  const fields: Record<string, string> = {};
  const lists: Record<string, string[]> = {};
  let file: Uint8Array<ArrayBuffer> | undefined;
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      const text = textOf(part.fieldname, part.value);
      const list = /^(.+)\[\]$/.exec(part.fieldname)?.[1];
      if (list === undefined) fields[part.fieldname] = text;
      else (lists[list] ??= []).push(text);
    } else {
      const blocks: Buffer[] = [];
      const { file: upload } = part;
      // Without this the parser would go on reading until the client has sent everything.
      upload.once('limit', () => {
        request.raw.unpipe();
        request.raw.resume(); // what is on its way is thrown away, so that the client reads the answer
        upload.destroy(tooLarge(undefined));
      });
      for await (const block of upload) blocks.push(block as Buffer);
      if (part.fieldname === 'file') file = Uint8Array.from(Buffer.concat(blocks));
    }
  }
  if (file === undefined) throw invalidRequest('The part file with the audio is missing.', 'file');
  return { file, fields, lists };
}

function textOf(name: string, value: unknown): string {
  if (typeof value !== 'string') throw invalidRequest(`${name} must be text.`, name);
  // The multipart parser puts U+FFFD where bytes were not UTF-8.
  if (value.includes('\uFFFD')) {
    throw invalidRequest(`${name} is not UTF-8 text.`, name, 'invalid_encoding');
  }
  return value;
}

function tooLarge(bytes: number | undefined): ApiError {
  const seen = bytes === undefined ? 'The file' : `The request (${bytes} bytes)`;
  return new ApiError(
    413,
    `${seen} is too large: at most ${MAX_UPLOAD_BYTES} bytes of audio are taken. Send shorter clips, or use the stream /v1/stream.`,
    { type: 'invalid_request_error', code: 'request_too_large', param: 'file' },
  );
}
