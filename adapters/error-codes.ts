/**
 * Every way in which a foreign speech service can fail, as stable codes.
 *
 * Retryability is decided here and nowhere else: whoever catches an error asks `error.retryable`.
 * A code never changes its meaning; a new kind of failure gets a new code.
 */
export const ERROR_CODES = {
  'connect-failed': {
    retryable: true,
    meaning: 'No connection: the name does not resolve, the port refuses, or TLS failed.',
    fix: 'check that the service is running and that the address is right',
  },
  'connect-timeout': {
    retryable: true,
    meaning: 'The service did not complete the handshake in time.',
    fix: 'check that the address is a speech service and reachable, or raise connectTimeoutMs',
  },
  'connection-lost': {
    retryable: true,
    meaning: 'An open connection broke or was closed before the work was done.',
    fix: "look at the service's log for a crash or a restart",
  },
  'connection-silent': {
    retryable: true,
    meaning: 'Nothing came back over an open connection, not even an answer to a ping.',
    fix: 'check the network between here and the service',
  },
  'no-answer': {
    retryable: true,
    meaning: 'Speech was sent, the connection is open, and nothing came back.',
    fix: "look at the service's log and load, or raise silenceTimeoutMs",
  },
  'request-timeout': {
    retryable: true,
    meaning: 'The whole request took longer than its limit.',
    fix: 'use a faster model or service, or raise requestTimeoutMs',
  },
  'first-byte-timeout': {
    retryable: true,
    meaning: 'The service took the request and sent no audio in time.',
    fix: 'check that the model is loaded, or raise firstByteTimeoutMs',
  },
  stalled: {
    retryable: true,
    meaning: 'The answer began and then stopped coming.',
    fix: "look at the service's load, or raise stallTimeoutMs",
  },
  overloaded: {
    retryable: true,
    meaning: 'The service has no capacity now (429, 503, close code 1013).',
    fix: 'send less at once, or give the service more capacity',
  },
  'server-error': {
    retryable: true,
    meaning: 'The service failed while working on the request (5xx, close code 1011).',
    fix: "look at the service's log",
  },
  'empty-response': {
    retryable: true,
    meaning: 'The service answered with success and an empty body.',
    fix: "look at the service's log; a proxy may have cut the answer off",
  },
  unauthorized: {
    retryable: false,
    meaning: 'The service refused the key (401, 403, close code 1008).',
    fix: 'check the API key and what it is allowed to do',
  },
  rejected: {
    retryable: false,
    meaning: 'The service refused the request and would refuse it again (other 4xx).',
    fix: 'check the address, the model, the voice and the language',
  },
  'protocol-refused': {
    retryable: false,
    meaning: 'The service does not understand what was sent (close codes 1002, 1003, 1007, 1008).',
    fix: 'check that the protocol option is the one this service speaks',
  },
  'bad-response': {
    retryable: false,
    meaning: 'The answer is not what such a service sends: HTML, broken JSON, a missing field.',
    fix: 'check that the address is the right route of the service',
  },
  'response-too-large': {
    retryable: false,
    meaning: 'The answer is larger than any honest answer would be.',
    fix: 'check that the address is the right route of the service',
  },
  'unsupported-audio': {
    retryable: false,
    meaning: 'The service answered with audio of a kind that is not played (mp3, ogg, float WAV).',
    fix: 'ask the service for 16-bit PCM or WAV (response_format pcm)',
  },
  'utterance-dropped': {
    retryable: false,
    meaning: 'Utterances came faster than the service recognises them; the oldest was dropped.',
    fix: 'use a faster model or service',
  },
  'all-providers-failed': {
    retryable: true,
    meaning: 'Every provider of a chain failed. The call stays up and they are tried on.',
    fix: 'see what each of them said before this, or add a fallback (STT_FALLBACKS, LLM_FALLBACKS, TTS_FALLBACKS)',
  },
  aborted: {
    retryable: false,
    meaning: 'The caller closed the stream or withdrew the request.',
    fix: 'nothing: this is how a request ends early',
  },
  internal: {
    retryable: false,
    meaning: 'The adapter itself, or an overridden method of it, threw.',
    fix: 'the cause has the stack: report it, or correct the overriding method',
  },
} as const satisfies Record<string, { retryable: boolean; meaning: string; fix: string }>;

/** A stable name of what went wrong: `error.code` of every error that leaves `adapters/`. */
export type AdapterErrorCode = keyof typeof ERROR_CODES;
