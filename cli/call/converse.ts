import { ParticipantKind, type RemoteParticipant, type Room } from '@livekit/rtc-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { READY_ATTRIBUTE } from '../../protocol/room-attributes.js';
import type { CallerConnection } from './join-room.js';
import type { Clip } from './read-clip.js';

/** A worker with a process at hand joins in 1 s; a machine that is just starting takes longer. */
const AGENT_JOIN_TIMEOUT_MS = 30_000;

/** Providers have to answer and the greeting has to be over before the first clip. */
const READY_TIMEOUT_MS = 60_000;

/** No answer in this time is none. */
const ANSWER_TIMEOUT_MS = 30_000;

/** The longest reply that is waited for. */
const REPLY_TIMEOUT_MS = 120_000;

/** The agent has finished when it says so and nothing was heard for this long. */
const QUIET_MS = 700;

/** Silence that no pause within a sentence reaches: an interrupted agent has stopped. */
const STOPPED_MS = 400;

/** How often state is looked at. */
const POLL_MS = 20;

/** Attribute in which the framework publishes what the agent does. */
const STATE_ATTRIBUTE = 'lk.agent.state';

/** One question and its answer. Latencies are counted from the end of the speech in the clip. */
export interface Turn {
  readonly file: string;
  readonly user: string;
  readonly agent: string;
  /** Undefined: no transcript came. */
  readonly endOfSpeechToFinalMs: number | undefined;
  /** Undefined: the agent said nothing. */
  readonly endOfSpeechToFirstAudioMs: number | undefined;
  /** The caller spoke over the agent: how long until it was silent; null: it did not stop. */
  readonly interruptionToSilenceMs?: number | null;
  /** 24 kHz mono. */
  readonly reply: Int16Array;
}

/** Something the caller waited for did not happen. */
export class CallError extends Error {}

/**
 * Waits until an agent is in the room and has finished its greeting.
 * @throws {CallError} when none comes.
 */
export const waitForAgent = async ({ room, listener }: CallerConnection): Promise<void> => {
  const joined = await until(() => agentOf(room) !== undefined, AGENT_JOIN_TIMEOUT_MS);
  if (!joined) {
    throw new CallError(
      `No agent joined within ${AGENT_JOIN_TIMEOUT_MS / 1000} s. Is a worker running (npm start, npm run worker -- start)?`,
    );
  }
  const isReady = (): boolean =>
    agentOf(room)?.attributes[READY_ATTRIBUTE] === 'true' && isQuiet(room, listener);
  if (!(await until(isReady, READY_TIMEOUT_MS))) {
    throw new CallError(
      `The agent joined and was not ready to listen within ${READY_TIMEOUT_MS / 1000} s; its log says what it waits for.`,
    );
  }
};

/** How a clip is said. */
export interface AskOptions {
  /** Said while the agent speaks: how long it takes to fall silent is measured. */
  readonly isInterruption?: boolean;
  /** Come back this long after the agent began to answer, so that the next clip can be said over it. */
  readonly answerForMs?: number | undefined;
}

/** Says one clip and waits for the answer: the whole of it unless told otherwise. */
export const ask = async (
  connection: CallerConnection,
  clip: Clip,
  { isInterruption = false, answerForMs }: AskOptions = {},
): Promise<Turn> => {
  const { room, speaker, listener, transcripts } = connection;
  if (!isInterruption) listener.reset();
  transcripts.reset();
  const saying = speaker.say(clip);
  const interruptionToSilenceMs = isInterruption ? await silenceAfter(saying, listener) : undefined;
  const speechEndedAt = await saying;
  const answered = await until(() => listener.firstSpeechAt !== undefined, ANSWER_TIMEOUT_MS);
  if (answered && answerForMs === undefined) {
    await until(() => isQuiet(room, listener), REPLY_TIMEOUT_MS);
  } else if (answered) await sleep(answerForMs);
  const since = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : Math.round(at - speechEndedAt);
  return {
    file: clip.name,
    user: transcripts.user,
    agent: transcripts.agent,
    endOfSpeechToFinalMs: since(transcripts.userFinalAt),
    endOfSpeechToFirstAudioMs: since(listener.firstSpeechAt),
    ...(interruptionToSilenceMs === undefined ? {} : { interruptionToSilenceMs }),
    reply: listener.recording,
  };
};

/**
 * How long after the caller began to speak the agent was last heard; null when it went on to the end of the clip.
 * What it says afterwards is its next answer.
 */
const silenceAfter = async (
  saying: Promise<number>,
  listener: CallerConnection['listener'],
): Promise<number | null> => {
  const startedAt = performance.now();
  const said = new AbortController();
  void saying.then(() => {
    said.abort();
  });
  while (!said.signal.aborted && listener.silentForMs < STOPPED_MS) await sleep(POLL_MS);
  const lastHeardAt = performance.now() - listener.silentForMs;
  const hasStopped = listener.silentForMs >= STOPPED_MS;
  listener.reset();
  return hasStopped ? Math.max(0, Math.round(lastHeardAt - startedAt)) : null;
};

const agentOf = (room: Room): RemoteParticipant | undefined =>
  [...room.remoteParticipants.values()].find(({ info }) => info.kind === ParticipantKind.AGENT);

const isQuiet = (room: Room, listener: CallerConnection['listener']): boolean =>
  agentOf(room)?.attributes[STATE_ATTRIBUTE] === 'listening' && listener.silentForMs > QUIET_MS;

/** True as soon as the condition holds, false when it did not in time. */
const until = async (condition: () => boolean, timeoutMs: number): Promise<boolean> => {
  const deadline = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
};
