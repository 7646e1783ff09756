import { z } from 'zod';
import { createAdapterError } from '../../adapter-error.js';
import type { AdapterErrorCode } from '../../error-codes.js';
import type { TranscriptEvent } from '../transcript-event.js';
import { withQuery } from './with-query.js';
import type { WebSocketSTTProtocol } from './websocket-stt-protocol.js';

/** AssemblyAI refuses a message with less audio than this (error 3007), in ms. */
const MIN_PIECE_MS = 50;
/** AssemblyAI ends a session that sends audio clearly faster than real time (error 3007). */
const MAX_REPLAY_RATE = 1.2;
/** `speech_model` has no default at AssemblyAI: the English one, or the one for other languages. */
const ENGLISH_MODEL = 'universal-streaming-english';
const MULTILINGUAL_MODEL = 'universal-streaming-multilingual';

/** Times in ms from the first sample of the connection. Unknown fields are ignored. */
const turn = z.object({
  type: z.literal('Turn'),
  end_of_turn: z.boolean(),
  turn_is_formatted: z.boolean().default(false),
  transcript: z.string(),
  utterance: z.string().default(''),
  language_code: z.string().optional(),
  words: z.array(
    z.object({ text: z.string(), start: z.number(), end: z.number(), confidence: z.number() }),
  ),
});
const begin = z.object({ type: z.literal('Begin'), id: z.string() });
const speechStarted = z.object({ type: z.literal('SpeechStarted'), timestamp: z.number() });
const termination = z.object({ type: z.literal('Termination') });
const failure = z.object({
  type: z.literal('Error'),
  error_code: z.number().optional(),
  error: z.string().default(''),
});
const serverMessage = z.discriminatedUnion('type', [
  begin,
  turn,
  speechStarted,
  termination,
  failure,
]);
const anyMessage = z.object({ type: z.string() });
const KNOWN: ReadonlySet<string> = new Set(
  serverMessage.options.map((option) => option.shape.type.value),
);

/** assemblyai.com/docs/streaming/common-session-errors-and-closures */
const codeOf = (errorCode: number | undefined, said: string): AdapterErrorCode => {
  if (errorCode === 1008) return 'unauthorized';
  if (errorCode === 3005) return 'server-error';
  if (errorCode === 3006) return 'protocol-refused';
  // Too fast heals by itself: the next connection is paced. A wrong piece length does not.
  if (errorCode === 3007) return /rate/i.test(said) ? 'overloaded' : 'protocol-refused';
  if (errorCode === 3009) return 'overloaded';
  return 'connection-lost';
};

const fromTurn = (received: z.infer<typeof turn>): TranscriptEvent[] => {
  const { words, end_of_turn: ended, turn_is_formatted: formatted, language_code } = received;
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined) return [];
  // `transcript` leaves out the word that may still change; the end of a turn has no such word.
  const text = ended ? received.transcript : words.map((word) => word.text).join(' ');
  // The unformatted end is what the formatted one will say: a reply may be prepared on it.
  const foreseen = ended || received.utterance !== '';
  return [
    {
      type: ended && formatted ? 'final' : foreseen ? 'preflight' : 'interim',
      text,
      startMs: first.start,
      endMs: last.end,
      confidence: Math.min(...words.map((word) => word.confidence)),
      words: words.map((word) => ({
        text: word.text,
        startMs: word.start,
        endMs: word.end,
        confidence: word.confidence,
      })),
      ...(language_code === undefined ? {} : { language: language_code }),
    },
  ];
};

/** A piece that is too short (the end of the input) is filled up with silence. */
const padded = (pcm: Uint8Array, sampleRate: number): Uint8Array => {
  const minBytes = Math.ceil((MIN_PIECE_MS * sampleRate) / 1000) * 2;
  if (pcm.length >= minBytes) return pcm;
  const out = new Uint8Array(minBytes);
  out.set(pcm);
  return out;
};

/**
 * AssemblyAI's streaming transcription, `wss://streaming.assemblyai.com/v3/ws`
 * (assemblyai.com/docs/streaming/message-sequence; the address with `/v2/` is gone).
 *
 * The key is `Authorization: KEY` without a scheme. A turn is sent again and again as it grows; with
 * `format_turns` its end comes twice, first raw, then with punctuation, which is the final.
 * ForceEndpoint ends the turn now; Terminate ends the session: the last turn, then Termination.
 */
export const assemblyaiProtocol: WebSocketSTTProtocol & { readonly defaultUrl: string } = {
  name: 'assemblyai',
  defaultUrl: 'wss://streaming.assemblyai.com/v3/ws',
  maxReplayRate: MAX_REPLAY_RATE,
  minPieceMs: MIN_PIECE_MS,
  url: ({ wsUrl, model, language, sampleRate }) =>
    withQuery(
      wsUrl,
      { sample_rate: sampleRate, encoding: 'pcm_s16le', format_turns: true },
      {
        speech_model:
          model ?? (/^en\b|^$/.test(language ?? '') ? ENGLISH_MODEL : MULTILINGUAL_MODEL),
      },
    ),
  headers: ({ apiKey }) => (apiKey === undefined ? {} : { authorization: apiKey }),
  configurationMessages: () => [],
  encodeAudio: (pcm, { sampleRate }) => padded(pcm, sampleRate),
  parseMessage: (data) => {
    if (typeof data !== 'string') throw new Error('a binary message where text was expected');
    const value: unknown = JSON.parse(data);
    const { type: kind } = anyMessage.parse(value);
    if (!KNOWN.has(kind)) return [{ type: 'unknown', kind }];
    const received = serverMessage.parse(value);
    switch (received.type) {
      case 'Begin':
        return [{ type: 'ready', requestId: received.id }];
      case 'SpeechStarted':
        return [{ type: 'speech-started', atMs: received.timestamp }];
      case 'Turn':
        return fromTurn(received);
      case 'Termination':
        return [{ type: 'done' }];
      case 'Error':
        return [
          {
            type: 'error',
            fatal: true,
            error: createAdapterError({
              code: codeOf(received.error_code, received.error),
              message: `AssemblyAI said "${received.error}" (${received.error_code ?? 'no code'})`,
            }),
          },
        ];
    }
  },
  finalizeMessage: () => JSON.stringify({ type: 'ForceEndpoint' }),
  // Without `inactivity_timeout` in the address nothing ends a silent session.
  keepAliveMessage: () => undefined,
  endMessages: () => [JSON.stringify({ type: 'Terminate' })],
};
