/** What an agent of ours says of itself in a room, beside the framework's own attributes and topics. */

/** Participant attribute: AGENT_NAME, or `earshot`. Two agents with the same value never share a room. */
export const AGENT_NAME_ATTRIBUTE = 'earshot.agent';

/** Participant attribute: when the agent's job was accepted, in ms since 1970. The older one stays. */
export const ACCEPTED_AT_ATTRIBUTE = 'earshot.accepted-at';

/** Participant attribute: `true` once the providers answered and the greeting was said. */
export const READY_ATTRIBUTE = 'earshot.ready';

/** Participant attribute: JSON `{mode, stt, llm?, tts?, voice?}`, who does what in this call. */
export const PROVIDERS_ATTRIBUTE = 'earshot.providers';

/** Attributes of a transcript of `lk.transcription`: when the words were spoken, in ms since 1970. */
export const SPOKEN_FROM_ATTRIBUTE = 'earshot.spoken-from';
export const SPOKEN_TO_ATTRIBUTE = 'earshot.spoken-to';

/**
 * Data topic that tells which provider answers, as JSON, once at first and at each change:
 * `{kind: 'stt' | 'llm' | 'tts', provider?, previous?, reason?, at}`. Without `provider` nobody does;
 * `reason` is an error's code or `recovered`; `at` is in ms since 1970.
 */
export const PROVIDER_TOPIC = 'earshot.provider';

/** Data topic with the latencies of each turn, as JSON. */
export const TURN_TOPIC = 'earshot.turn';
