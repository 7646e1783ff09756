import type { Room } from '@livekit/rtc-node';
import type { ProviderChange } from '../adapters/fallback/provider-chain.js';
import { PROVIDER_TOPIC } from '../protocol/room-attributes.js';

/** Tells the room which provider answers now. */
export const publishProvider = (room: Room, change: ProviderChange): void => {
  const payload = new TextEncoder().encode(JSON.stringify(change));
  // A room that is just closing has nobody left to tell.
  room.localParticipant
    ?.publishData(payload, { reliable: true, topic: PROVIDER_TOPIC })
    .catch(() => undefined);
};
