import { ParticipantKind, RoomEvent, type Participant, type Room } from '@livekit/rtc-node';
import { ACCEPTED_AT_ATTRIBUTE, AGENT_NAME_ATTRIBUTE } from '../protocol/room-attributes.js';

/**
 * How long a newcomer waits for the agent that was there before it. A participant whose process died
 * is removed by the server after about 15 s; one that is still there after that is alive.
 */
const GHOST_GRACE_MS = 20_000;

/** The attributes of a job that is being accepted now. */
export const agentAttributes = (agentName: string | undefined): Record<string, string> => ({
  [AGENT_NAME_ATTRIBUTE]: agentName ?? 'earshot',
  [ACCEPTED_AT_ATTRIBUTE]: String(Date.now()),
});

/**
 * Makes sure that one agent talks. After a restart of the server the agent of a call reconnects while
 * the server also sends a new one to the re-created room: the one that was accepted first stays,
 * because it knows the conversation.
 *
 * @returns true when this agent is the one that stays; false when it should leave.
 */
export const isSoleAgent = async (
  room: Room,
  { graceMs = GHOST_GRACE_MS, signal }: { graceMs?: number; signal?: AbortSignal } = {},
): Promise<boolean> => {
  if (!hasOlderAgent(room)) return true;
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      room.off(RoomEvent.ParticipantDisconnected, check);
      signal?.removeEventListener('abort', finish);
      resolve(!hasOlderAgent(room));
    };
    const check = (): void => {
      if (!hasOlderAgent(room)) finish();
    };
    const timer = setTimeout(finish, graceMs);
    room.on(RoomEvent.ParticipantDisconnected, check);
    signal?.addEventListener('abort', finish);
  });
};

/** Calls back once when an older agent (re)joins a room in which this one already talks. */
export const onOlderAgent = (room: Room, callback: () => void): void => {
  const check = (): void => {
    if (!hasOlderAgent(room)) return;
    room.off(RoomEvent.ParticipantConnected, check);
    room.off(RoomEvent.Reconnected, check);
    callback();
  };
  room.on(RoomEvent.ParticipantConnected, check);
  room.on(RoomEvent.Reconnected, check);
};

const hasOlderAgent = (room: Room): boolean => {
  const self = room.localParticipant;
  return (
    self !== undefined &&
    [...room.remoteParticipants.values()].some(
      (other) =>
        other.info.kind === ParticipantKind.AGENT &&
        other.attributes[AGENT_NAME_ATTRIBUTE] === self.attributes[AGENT_NAME_ATTRIBUTE] &&
        isOlder(other, self),
    )
  );
};

const isOlder = (other: Participant, self: Participant): boolean => {
  const difference = acceptedAt(other) - acceptedAt(self);
  return difference === 0 ? other.identity < self.identity : difference < 0;
};

const acceptedAt = (participant: Participant): number =>
  Number(participant.attributes[ACCEPTED_AT_ATTRIBUTE] ?? Number.POSITIVE_INFINITY);
