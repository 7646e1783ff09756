import { z } from 'zod';
import { CALL_MODES } from '../protocol/call-choice.js';
import { inferenceEnv } from '../inference/inference-env.js';
import { allProviders } from '../providers/find-provider.js';
import type { ProviderKind } from '../providers/registry.js';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);
const secret = { secret: true };

/** Key and secret of the local development server, which listens on loopback only (livekit.yaml has the same). */
export const DEVELOPMENT_KEY = 'devkey';
export const DEVELOPMENT_SECRET = 'earshot-local-development-secret';

const ids = (kind: ProviderKind): [string, ...string[]] => {
  const [first, ...rest] = allProviders(kind).map((definition) => definition.id);
  if (first === undefined) throw new Error(`The registry has no ${kind} provider`);
  return [first, ...rest];
};

/** Ids of one kind, separated by commas. */
const idList = (kind: ProviderKind) => {
  const known = new Set(ids(kind));
  return z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((id) => (id.trim() === '' ? [] : [id.trim()])))
    .refine((list) => list.every((id) => known.has(id)), {
      error: `must list ids of ${kind.toUpperCase()} providers, separated by commas: ${[...known].join(', ')}`,
    })
    .refine((list) => new Set(list).size === list.length, {
      error: 'must list each provider once',
    });
};

/** Who does what: any id of the registry. */
export const providerEnv = {
  STT_PROVIDER: z.enum(ids('stt')).default('jetson').describe('Who turns speech into text.'),
  LLM_PROVIDER: z.enum(ids('llm')).default('jetson').describe('Who answers.'),
  TTS_PROVIDER: z.enum(ids('tts')).default('jetson').describe('Who speaks the answer.'),
  STT_FALLBACKS: idList('stt').describe(
    'Who takes over when STT_PROVIDER fails, in order, such as deepgram,custom-http.',
  ),
  LLM_FALLBACKS: idList('llm').describe('Who takes over when LLM_PROVIDER fails.'),
  TTS_FALLBACKS: idList('tts').describe('Who takes over when TTS_PROVIDER fails.'),
} satisfies z.ZodRawShape;

/** The agent itself. */
export const agentEnv = {
  AGENT_MODE: z
    .enum(CALL_MODES)
    .default('conversation')
    .describe(
      'What the agent does in a room: talk with one person, or write down what everybody says (no LLM, no TTS).',
    ),
  AGENT_INSTRUCTIONS: z
    .string()
    .max(20_000)
    .default('You are a helpful voice assistant. Give short and correct answers.')
    .describe('System prompt.'),
  AGENT_GREETING: z
    .string()
    .max(1000)
    .default('Hello! How can I help?')
    .describe('First sentence of the agent; "none" for silence.'),
  AGENT_NAME: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1–64 letters, digits, dots, dashes or underscores')
    .optional()
    .describe('Join only rooms that ask for this agent by name (explicit dispatch).'),
} satisfies z.ZodRawShape;

/** Where the parts meet. */
export const serverEnv = {
  LIVEKIT_URL: z
    .url({ protocol: /^wss?$/, error: 'must be a ws:// or wss:// URL' })
    .optional()
    .describe('A LiveKit server elsewhere. Default: a local one, started by npm start.'),
  LIVEKIT_API_KEY: z.string().min(1).optional().describe('Its API key.'),
  LIVEKIT_API_SECRET: z.string().min(1).optional().describe('Its API secret.').meta(secret),
  LIVEKIT_PORT: port(7880).describe('Port of the local livekit-server.'),
  LIVEKIT_TCP_PORT: port(7881).describe('Its port for media over TCP.'),
  LIVEKIT_UDP_PORT: port(7882).describe('Its port for media over UDP.'),
  WORKER_PORT: port(8081).describe('Port on which the worker says whether it is healthy.'),
  PLAYGROUND_HOST: z.string().min(1).default('127.0.0.1').describe('Address of the web page.'),
  PLAYGROUND_PORT: port(3000).describe('Port of the web page.'),
  EARSHOT_CACHE_DIR: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Where models and livekit-server are kept. Default: earshot in the user’s cache folder.',
    ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
    .default('info')
    .describe('How much the parts log.'),
} satisfies z.ZodRawShape;

/** Every variable that does not belong to a provider. */
export const environmentSchema = z.object({
  ...providerEnv,
  ...agentEnv,
  ...serverEnv,
  ...inferenceEnv,
});

/** What `environmentSchema` yields. */
export type Environment = z.infer<typeof environmentSchema>;
