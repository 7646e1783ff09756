import { z } from 'zod';

/**
 * Messages of the WebSocket `/v1/stream`, the endpoint's own streaming recognition protocol.
 * PROTOCOL.md beside this file is the specification in words.
 *
 * Text frames carry one JSON message each, binary frames carry audio (s16le, interleaved). All
 * times are whole milliseconds of audio since the first sample of the stream, never wall time.
 */

/** Sample rates the endpoint accepts, in Hz. It resamples to what its engine wants. */
export const STREAM_SAMPLE_RATES = [8000, 16000, 22050, 24000, 32000, 44100, 48000] as const;

/** A binary frame above this many bytes is refused (10 s of 48 kHz mono: no live client sends more). */
export const STREAM_MAX_FRAME_BYTES = 1 << 20;

/** A text frame above this many bytes is refused: every message of the protocol is small. */
export const STREAM_MAX_MESSAGE_BYTES = 64 << 10;

const timeMs = z.number().int().nonnegative();

/** First message of a client: what the audio is, and what it wants back. */
export const streamConfigMessage = z.object({
  type: z.literal('config'),
  sampleRate: z.union(STREAM_SAMPLE_RATES.map((rate) => z.literal(rate))),
  channels: z.literal(1).default(1),
  encoding: z.literal('pcm_s16le').default('pcm_s16le'),
  /** BCP 47 tag; a model of one language ignores it. */
  language: z.string().max(35).optional(),
  interimResults: z.boolean().default(true),
  /** Silence that ends an utterance, in ms. */
  silenceMs: z.number().int().min(100).max(5000).optional(),
});

export const streamClientMessage = z.discriminatedUnion('type', [
  streamConfigMessage,
  /** Ends the current utterance now: its final follows. */
  z.object({ type: z.literal('finalize') }),
  /** Keeps an idle connection open through proxies. */
  z.object({ type: z.literal('keepalive') }),
  /** No more audio: remaining finals, then `done`, then the server closes with 1000. */
  z.object({ type: z.literal('end') }),
]);

/** One recognised word. */
export const streamWord = z.object({
  text: z.string(),
  startMs: timeMs,
  endMs: timeMs,
  confidence: z.number().min(0).max(1).optional(),
});

const transcript = {
  utterance: z.number().int().nonnegative(),
  startMs: timeMs,
  endMs: timeMs,
  text: z.string(),
};

export const streamServerMessage = z.discriminatedUnion('type', [
  /** Answer to `config`; audio sent before it is kept and recognised all the same. */
  z.object({ type: z.literal('ready'), streamId: z.string(), model: z.string() }),
  /** Audio received, and audio up to which nothing more will be said (silence or a final covers it). */
  z.object({ type: z.literal('ack'), receivedMs: timeMs, settledMs: timeMs }),
  z.object({ type: z.literal('speech-started'), utterance: z.number().int(), atMs: timeMs }),
  z.object({ type: z.literal('speech-ended'), utterance: z.number().int(), atMs: timeMs }),
  /** May change with the next message of the same utterance. `stableText` is its prefix that will not. */
  z.object({
    type: z.literal('transcript-interim'),
    ...transcript,
    stableText: z.string().optional(),
  }),
  /** What the final will be if the pause holds: a reply may be prepared from it. */
  z.object({ type: z.literal('transcript-preflight'), ...transcript }),
  z.object({
    type: z.literal('transcript-final'),
    ...transcript,
    language: z.string().optional(),
    confidence: z.number().min(0).max(1).optional(),
    words: z.array(streamWord).optional(),
  }),
  /** `fatal` errors are followed by a close; others concern one message or utterance. */
  z.object({
    type: z.literal('error'),
    code: z.enum([
      'bad-message',
      'bad-audio',
      'overloaded',
      'engine-failed',
      'unauthorized',
      'timeout',
    ]),
    message: z.string(),
    fatal: z.boolean(),
    retryable: z.boolean(),
  }),
  z.object({ type: z.literal('done'), receivedMs: timeMs }),
]);

export type StreamConfigMessage = z.infer<typeof streamConfigMessage>;
export type StreamClientMessage = z.infer<typeof streamClientMessage>;
export type StreamServerMessage = z.infer<typeof streamServerMessage>;
