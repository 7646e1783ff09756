import { z } from 'zod';

/** An http(s) address without a trailing slash, so that paths can be appended. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .transform((url) => url.replace(/\/+$/, ''));

/** A ws(s) address. */
export const webSocketUrl = z.url({ protocol: /^wss?$/, error: 'must be a ws:// or wss:// URL' });

/** A key as it goes into a header: whitespace or a control character in it is a paste error. */
export const apiKey = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'must be one word of printable ASCII characters (no spaces or quotes)');

/** A BCP 47 language tag such as `en` or `pt-BR`. */
export const languageTag = z
  .string()
  .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en or pt-BR');

/** A sample rate in Hz that speech services use. */
export const sampleRate = z.number().int().min(8000).max(48000);

/** A time limit in ms: 100 ms to 10 min, beyond which a caller has long gone. */
export const timeoutMs = z.number().int().min(100).max(600_000);
