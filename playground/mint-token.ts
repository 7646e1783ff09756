import { randomBytes } from 'node:crypto';
import { AccessToken, RoomAgentDispatch, RoomConfiguration, TrackSource } from 'livekit-server-sdk';
import { writeCallChoice } from '../protocol/call-choice.js';
import type { PlaygroundOptions } from './playground-options.js';
import type { TokenRequest } from './token-request.js';

/** Only joining needs the token; the server renews it for whoever is in the call. */
const TOKEN_LIFE_S = 300;
/** 64 bits: nobody hits another's room by guessing. */
const RANDOM_NAME_BYTES = 8;

/** A token and what it is good for. */
export interface MintedToken {
  readonly token: string;
  readonly room: string;
  readonly identity: string;
}

/** Lets one person into one room, with a microphone and nothing else. */
export async function mintToken(
  { livekit, agentName }: Pick<PlaygroundOptions, 'livekit' | 'agentName'>,
  request: TokenRequest,
): Promise<MintedToken> {
  const room = request.room ?? `call-${randomName()}`;
  const identity = request.identity ?? `caller-${randomName()}`;
  const token = new AccessToken(livekit.apiKey, livekit.apiSecret, {
    identity,
    ttl: TOKEN_LIFE_S,
    // Signed with the token, and nobody is granted the right to change it.
    metadata: request.choice === undefined ? '' : writeCallChoice(request.choice),
  });
  token.addGrant({
    room,
    roomJoin: true,
    canPublish: true,
    canPublishSources: [TrackSource.MICROPHONE],
    canSubscribe: true,
    canPublishData: true,
  });
  if (agentName !== undefined) {
    token.roomConfig = new RoomConfiguration({ agents: [new RoomAgentDispatch({ agentName })] });
  }
  return { token: await token.toJwt(), room, identity };
}

function randomName(): string {
  return randomBytes(RANDOM_NAME_BYTES).toString('hex');
}
