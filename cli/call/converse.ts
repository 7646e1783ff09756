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

/** Says one clip and waits for the whole answer. */
export const ask = async (connection: CallerConnection, clip: Clip): Promise<Turn> => {
  const { room, speaker, listener, transcripts } = connection;
  listener.reset();
  transcripts.reset();
  const speechEndedAt = await speaker.say(clip);
  const answered = await until(() => listener.firstSpeechAt !== undefined, ANSWER_TIMEOUT_MS);
  if (answered) await until(() => isQuiet(room, listener), REPLY_TIMEOUT_MS);
  const since = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : Math.round(at - speechEndedAt);
  return {
    file: clip.name,
    user: transcripts.user,
    agent: transcripts.agent,
    endOfSpeechToFinalMs: since(transcripts.userFinalAt),
    endOfSpeechToFirstAudioMs: since(listener.firstSpeechAt),
    reply: listener.recording,
  };
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
