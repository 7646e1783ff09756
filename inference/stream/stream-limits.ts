/** Kept before the first speech the detector reports, in ms: it is late, and first sounds are soft. */
export const PRE_ROLL_MS = 360;

/** Silence after which the text so far is prepared as the probable final (preflight), in ms. Shorter is often mid-word. */
export const PAUSE_MS = 120;

/** Silence that ends an utterance where the client does not say, in ms: a pause for breath is shorter. */
export const DEFAULT_SILENCE_MS = 380;

/** The detector reports silence this late (50 ms, one window and a half); counted as silence already. */
export const DETECTOR_LAG_MS = 48;

/** An utterance is cut at its best pause before it outgrows the recogniser's window, in ms. */
export const MAX_UTTERANCE_MS = 28_000;

/** The cut leaves at least this much on its left, in ms: better few long pieces than many short ones. */
export const MIN_CUT_MS = 10_000;

/** Speech shorter than this is a click, not a word, in ms. */
export const MIN_SPEECH_MS = 96;

/** Speech before the first interim pass, in ms: less gives Whisper too little to go by. */
export const FIRST_INTERIM_MS = 800;

/** New audio before the next interim pass, in ms; with a slow engine twice the time of a pass, so that finals find it free. */
export const MIN_INTERIM_STEP_MS = 700;
export const INTERIM_STEP_PER_PASS = 2;

/** Utterances that ended and wait for their text; above this the stream stops reading until one is done (84 s of audio at most). */
export const MAX_PENDING_FINALS = 3;

/** Tries of a final pass: a crashed engine is back in a fraction of a second. */
export const FINAL_TRIES = 3;

/** How long a final pass waits for an engine that restarts, in ms. */
export const ENGINE_WAIT_MS = 10_000;

/** Audio between two acknowledgements, in ms. */
export const ACK_EVERY_MS = 1000;

/** Unread audio of a connection above which its socket is paused, in bytes (2 s of 48 kHz). */
export const MAX_INBOUND_BYTES = 192_000;

/** Unsent messages of a connection above which the client is taken for dead, in bytes. */
export const MAX_OUTBOUND_BYTES = 1 << 20;
