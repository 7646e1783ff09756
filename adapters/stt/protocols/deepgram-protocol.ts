import { z } from 'zod';
import { createAdapterError } from '../../adapter-error.js';
import type { TranscriptEvent } from '../transcript-event.js';
import { withQuery } from './with-query.js';
import type { WebSocketSTTProtocol } from './websocket-stt-protocol.js';

/** Used when no model is configured: Deepgram's current model for conversations. */
const DEFAULT_MODEL = 'nova-3';
/** Deepgram closes after 10 s without audio or KeepAlive and advises one every 3 to 5 s. */
const KEEP_ALIVE_MS = 4000;
/** Faster than this and the service falls behind a stream that it expects to be live. */
const MAX_REPLAY_RATE = 1.25;
/**
 * Silence after which Deepgram finalises, in ms. Short: the session's own detector decides whether
 * the turn ended, and it waits for this final.
 */
const ENDPOINTING_MS = 25;

const word = z.object({
  word: z.string(),
  punctuated_word: z.string().optional(),
  start: z.number(),
  end: z.number(),
  confidence: z.number().optional(),
});

/** Times in seconds from the first sample of the connection. Unknown fields are ignored. */
const results = z.object({
  type: z.literal('Results'),
  start: z.number(),
  duration: z.number(),
  is_final: z.boolean().default(false),
  speech_final: z.boolean().default(false),
  channel: z.object({
    alternatives: z.array(
      z.object({
        transcript: z.string(),
        confidence: z.number().optional(),
        languages: z.array(z.string()).optional(),
        words: z.array(word).default([]),
      }),
    ),
  }),
  metadata: z.object({ request_id: z.string() }).optional(),
});
const metadata = z.object({ type: z.literal('Metadata') });
const speechStarted = z.object({ type: z.literal('SpeechStarted'), timestamp: z.number() });
const utteranceEnd = z.object({ type: z.literal('UtteranceEnd'), last_word_end: z.number() });
const failure = z.object({
  type: z.literal('Error'),
  description: z.string().default(''),
  message: z.string().default(''),
});
const serverMessage = z.discriminatedUnion('type', [
  results,
  metadata,
  speechStarted,
  utteranceEnd,
  failure,
]);
const anyMessage = z.object({ type: z.string() });
const KNOWN: ReadonlySet<string> = new Set(
  serverMessage.options.map((option) => option.shape.type.value),
);

const ms = (seconds: number): number => seconds * 1000;

const fromResults = (received: z.infer<typeof results>): TranscriptEvent[] => {
  const [best] = received.channel.alternatives;
  const endMs = ms(received.start + received.duration);
  const words = (best?.words ?? []).map((heard) => ({
    text: heard.punctuated_word ?? heard.word,
    startMs: ms(heard.start),
    endMs: ms(heard.end),
    ...(heard.confidence === undefined ? {} : { confidence: heard.confidence }),
  }));
  const language = best?.languages?.[0];
  const requestId = received.metadata?.request_id;
  return [
    ...(requestId === undefined ? [] : [{ type: 'ready' as const, requestId }]),
    {
      type: received.is_final ? 'final' : 'interim',
      text: best?.transcript ?? '',
      startMs: words[0]?.startMs ?? ms(received.start),
      endMs: words.at(-1)?.endMs ?? endMs,
      // The result speaks for all of its audio, the silence after the last word included.
      ...(received.is_final ? { settledMs: endMs } : {}),
      ...(best?.confidence === undefined ? {} : { confidence: best.confidence }),
      ...(language === undefined ? {} : { language }),
      ...(words.length === 0 ? {} : { words }),
    },
    ...(received.speech_final
      ? [{ type: 'speech-ended' as const, atMs: words.at(-1)?.endMs ?? endMs }]
      : []),
  ];
};

/**
 * Deepgram's live transcription, `wss://api.deepgram.com/v1/listen`
 * (developers.deepgram.com/reference/speech-to-text/listen-streaming).
 *
 * Options are in the query, and what the address has there already wins; the key is
 * `Authorization: Token KEY`. KeepAlive keeps a silent connection, Finalize asks for the final of
 * what was said, CloseStream ends: the last results come, then Metadata.
 */
export const deepgramProtocol: WebSocketSTTProtocol & { readonly defaultUrl: string } = {
  name: 'deepgram',
  defaultUrl: 'wss://api.deepgram.com/v1/listen',
  maxReplayRate: MAX_REPLAY_RATE,
  keepAliveIntervalMs: KEEP_ALIVE_MS,
  url: ({ wsUrl, model, language, sampleRate }) =>
    withQuery(
      wsUrl,
      { encoding: 'linear16', sample_rate: sampleRate, channels: 1 },
      {
        model: model ?? DEFAULT_MODEL,
        language,
        interim_results: true,
        punctuate: true,
        smart_format: true,
        no_delay: true,
        vad_events: true,
        endpointing: ENDPOINTING_MS,
      },
    ),
  headers: ({ apiKey }) => (apiKey === undefined ? {} : { authorization: `Token ${apiKey}` }),
  configurationMessages: () => [],
  encodeAudio: (pcm) => pcm,
  parseMessage: (data) => {
    if (typeof data !== 'string') throw new Error('a binary message where text was expected');
    const value: unknown = JSON.parse(data);
    const { type: kind } = anyMessage.parse(value);
    if (!KNOWN.has(kind)) return [{ type: 'unknown', kind }];
    const received = serverMessage.parse(value);
    switch (received.type) {
      case 'Results':
        return fromResults(received);
      case 'SpeechStarted':
        return [{ type: 'speech-started', atMs: ms(received.timestamp) }];
      case 'UtteranceEnd':
        return [{ type: 'speech-ended', atMs: ms(received.last_word_end) }];
      case 'Metadata':
        return [{ type: 'done' }];
      case 'Error':
        return [
          {
            type: 'error',
            fatal: true,
            error: createAdapterError({
              code: 'server-error',
              message: `Deepgram said "${received.description || received.message}"`,
            }),
          },
        ];
    }
  },
  finalizeMessage: () => JSON.stringify({ type: 'Finalize' }),
  keepAliveMessage: () => JSON.stringify({ type: 'KeepAlive' }),
  endMessages: () => [JSON.stringify({ type: 'CloseStream' })],
};
