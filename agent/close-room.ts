import type { JobContext } from '@livekit/agents';
import { ParticipantKind } from '@livekit/rtc-node';

/**
 * Deletes the room of a call that is over when no person is left in it. The server keeps an empty room for a while and
 * sends an agent only to a new one: a caller who is back within that time would be alone.
 */
export const closeEmptyRoom = async (ctx: JobContext): Promise<void> => {
  const people = [...ctx.room.remoteParticipants.values()].filter(
    ({ info }) => info.kind !== ParticipantKind.AGENT,
  );
  if (people.length === 0) await ctx.deleteRoom();
};
