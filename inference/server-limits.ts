/** Largest upload, in bytes: OpenAI's own limit, so that clients know it. 13 minutes of 16 kHz mono. */
export const MAX_UPLOAD_BYTES = 25 * 1024 * 1024;

/** What multipart headers and text fields may add to an upload, in bytes. */
export const MULTIPART_OVERHEAD_BYTES = 64 * 1024;

/** Largest JSON body, in bytes: a conversation that fills the model's context many times over. */
export const MAX_JSON_BYTES = 1024 * 1024;

/** Longest clip of one request, in ms: it occupies the recogniser for about half a minute of passes. */
export const MAX_CLIP_MS = 15 * 60_000;

/** Uploads held in memory at once: four of 25 MiB. */
export const MAX_UPLOADS_AT_ONCE = 4;

/** Longest text of one speech request, in characters: OpenAI's own limit, about five minutes of speech. */
export const MAX_SPEECH_CHARS = 4096;

/** Speech requests at once: each holds one or two clauses of audio. */
export const MAX_SPEECHES_AT_ONCE = 16;

/** Longest prompt of a transcription, in characters: Whisper looks at 224 tokens. */
export const MAX_PROMPT_CHARS = 2000;

/** Tokens of an answer where the client names no limit. */
export const DEFAULT_ANSWER_TOKENS = 256;

/** Streams at once. Two paced speakers keep one core of whisper tiny busy; the rest is silence and waiting. */
export const MAX_STREAMS = 16;

/** How long a client has to send its first message on a stream, in ms. */
export const STREAM_CONFIG_TIMEOUT_MS = 10_000;

/** Idle time of a stream without audio, messages or pongs after which it is closed, in ms. */
export const STREAM_IDLE_TIMEOUT_MS = 60_000;

/** How long an engine's thread has to answer /healthz, in ms: longer than the longest pass. */
export const HEALTH_PING_MS = 4000;

/** How long a request may take to arrive, in ms: an upload over a slow line, not a connection held open forever. */
export const REQUEST_TIMEOUT_MS = 120_000;

/** How long requests in progress may go on when the endpoint shuts down, in ms. */
export const DRAIN_MS = 3000;
