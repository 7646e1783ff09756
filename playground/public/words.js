/** What the page says of a call, by its phase. */
export const PHASES = {
  idle: 'Not in a call',
  connecting: 'Connecting …',
  waiting: 'Waiting for the agent …',
  talking: 'In a call',
  reconnecting: 'Connection lost, trying again …',
};

/** … of the agent, by the state it publishes. */
export const AGENT_STATES = {
  absent: 'Ready when you are',
  initializing: 'The agent is getting ready',
  idle: 'Waiting for you',
  listening: 'Listening',
  thinking: 'Thinking',
  speaking: 'Speaking',
};

const START = { strong: 'Start call' };

/** … and what to do, by phase, and by mode before a call. */
export const HINTS = {
  conversation: ['Press ', START, ', allow the microphone, and ask something.'],
  transcription: ['Press ', START, ' and speak: every word is written down with its time.'],
  connecting: 'If the browser asks for the microphone, allow it.',
  waiting: 'The room is open, the agent is on its way.',
  talking: 'Speak as you would with a person. You can interrupt at any time.',
};
