import {
  ConnectionError,
  ConnectionErrorReason,
  DisconnectReason,
} from '/vendor/livekit-client.esm.mjs';

/** Something that a person has to know, with what they can do about it. */
export class Problem extends Error {
  /**
   * @param {string} title what is wrong, a few words
   * @param {string} advice what to do
   * @param {unknown} [cause]
   */
  constructor(title, advice, cause) {
    super(advice, { cause });
    this.name = 'Problem';
    this.title = title;
  }
}

/** By the name of the error that the browser gives when a microphone cannot be had. */
const MICROPHONE = {
  NotAllowedError: [
    'The microphone was refused',
    'Allow it for this page with the sign beside the address, then call again.',
  ],
  NotFoundError: [
    'No microphone was found',
    'Plug one in, or choose one in the system’s sound settings.',
  ],
  NotReadableError: [
    'The microphone cannot be used',
    'Another program may hold it: close that, then call again.',
  ],
};

/** @param {unknown} error from asking for the microphone */
export function microphoneProblem(error) {
  const [title, advice] = MICROPHONE[error?.name] ?? [
    'The microphone cannot be used',
    `The browser says: ${error?.message ?? error}`,
  ];
  return new Problem(title, advice, error);
}

/** Browsers hide the microphone from pages that came over plain HTTP from another machine. */
export function insecurePageProblem() {
  return new Problem(
    'No microphone on this address',
    'Browsers give the microphone only to pages from this machine or over HTTPS. On this machine open ' +
      `http://localhost:${window.location.port}.`,
  );
}

/**
 * @param {unknown} error from joining the call
 * @param {string} url the livekit-server's
 */
export function connectionProblem(error, url) {
  if (error instanceof Problem) return error;
  if (error instanceof ConnectionError && error.reason === ConnectionErrorReason.NotAllowed) {
    return new Problem(
      'The media server refused the call',
      'Its key or secret is another one than LIVEKIT_API_KEY and LIVEKIT_API_SECRET say. Start both again.',
      error,
    );
  }
  return new Problem(
    'The media server cannot be reached',
    `${url} does not answer. Look at the livekit-server line of “npm start”, then call again.`,
    error,
  );
}

/** The agent is awaited. @param {string} reason what /healthz says, may be empty */
export function agentMissingProblem(reason) {
  return new Problem(
    'The agent has not joined',
    `${reason || 'All parts say they are well, so the worker may be busy with another call.'} ` +
      'It is still awaited: stay in the call, or look at the worker line of “npm start”.',
  );
}

/** The agent was there and is gone. */
export function agentLeftProblem() {
  return new Problem(
    'The agent left the call',
    'Call again; the worker line of “npm start” may say why.',
  );
}

const DISCONNECTS = {
  [DisconnectReason.SERVER_SHUTDOWN]: 'The media server was stopped.',
  [DisconnectReason.ROOM_DELETED]: 'The room was closed.',
  [DisconnectReason.PARTICIPANT_REMOVED]: 'You were removed from the call.',
  [DisconnectReason.DUPLICATE_IDENTITY]: 'The same caller joined from another window.',
};

/** @param {number | undefined} reason why the room ended, as livekit-client counts them */
export function disconnectProblem(reason) {
  const why = DISCONNECTS[reason] ?? 'The connection to the media server was lost.';
  return new Problem('The call was cut off', `${why} Call again when it is back.`);
}
