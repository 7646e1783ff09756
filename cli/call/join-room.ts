import { Room, RoomEvent, TrackKind } from '@livekit/rtc-node';
import { randomUUID } from 'node:crypto';
import { AccessToken, RoomAgentDispatch, RoomConfiguration } from 'livekit-server-sdk';
import type { AppConfig } from '../../config/load-config.js';
import { Listener } from './listener.js';
import { Speaker } from './speaker.js';
import { Transcripts } from './transcripts.js';

/** A token lives as long as the longest call this tool makes. */
const TOKEN_TTL_S = 3600;

/** What connects a caller with a room, already speaking silence. */
export interface CallerConnection {
  readonly room: Room;
  readonly speaker: Speaker;
  readonly listener: Listener;
  readonly transcripts: Transcripts;
  readonly close: () => Promise<void>;
}

/**
 * Joins a new room (or the one named) as a caller.
 * @throws when the server cannot be reached or refuses the key.
 */
export const joinRoom = async (
  { livekit, agent }: Pick<AppConfig, 'livekit' | 'agent'>,
  { roomName = `call-${randomUUID()}`, identity = `caller-${randomUUID().slice(0, 8)}` } = {},
): Promise<CallerConnection> => {
  const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity, ttl: TOKEN_TTL_S });
  token.addGrant({ roomJoin: true, room: roomName });
  if (agent.name !== undefined) {
    const dispatch = new RoomAgentDispatch({ agentName: agent.name });
    token.roomConfig = new RoomConfiguration({ agents: [dispatch] });
  }
  const room = new Room();
  const listener = new Listener();
  const speaker = new Speaker();
  const transcripts = new Transcripts(room, identity);
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind === TrackKind.KIND_AUDIO) listener.add(track);
  });
  await room.connect(livekit.url, await token.toJwt(), { autoSubscribe: true, dynacast: false });
  if (!room.localParticipant) throw new Error(`${livekit.url} let the caller in without a seat`);
  await speaker.publish(room.localParticipant);
  return {
    room,
    speaker,
    listener,
    transcripts,
    close: async () => {
      await speaker.close();
      await listener.close();
      await room.disconnect();
    },
  };
};
