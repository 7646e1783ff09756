import { Room, RoomEvent, type RemoteParticipant } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';
import { keys } from './page-world.js';

const TRANSCRIPTION = 'lk.transcription';

/** Words to be shown under somebody's name. */
export interface Words {
  readonly identity: string;
  readonly id: string;
  readonly text: string;
  readonly isFinal: boolean;
  /** When they were spoken, in ms since 1970. */
  readonly from?: number;
  readonly to?: number;
}

/**
 * Takes the agent's place in a room without any model: a real participant that publishes the attributes,
 * transcripts and data that the worker publishes, so that tests of the page are quick.
 */
export class StandInAgent {
  /** What was written to the agent. */
  readonly chats: string[] = [];

  private constructor(private readonly room: Room) {
    room.registerTextStreamHandler('lk.chat', (reader) => {
      void reader.readAll().then((text) => this.chats.push(text));
    });
  }

  /** Joins as an agent. */
  static async join(livekitUrl: string, roomName: string): Promise<StandInAgent> {
    const token = new AccessToken(keys.apiKey, keys.apiSecret, { identity: 'agent-stand-in' });
    token.kind = 'agent';
    token.addGrant({ roomJoin: true, room: roomName, agent: true, canUpdateOwnMetadata: true });
    const room = new Room();
    const agent = new StandInAgent(room);
    await room.connect(livekitUrl, await token.toJwt(), { autoSubscribe: true, dynacast: false });
    return agent;
  }

  /** The person at the page. */
  async caller(): Promise<RemoteParticipant> {
    const [found] = this.room.remoteParticipants.values();
    if (found) return found;
    return new Promise((resolve) => this.room.once(RoomEvent.ParticipantConnected, resolve));
  }

  /** Attributes such as the framework's state. */
  async set(attributes: Record<string, string>): Promise<void> {
    await this.#self.setAttributes(attributes);
  }

  /** Words of a person: each change is a stream of its own with the whole text. */
  async write({ identity, id, text, isFinal, from, to }: Words): Promise<void> {
    const writer = await this.#self.streamText({
      topic: TRANSCRIPTION,
      senderIdentity: identity,
      attributes: {
        'lk.segment_id': id,
        'lk.transcription_final': String(isFinal),
        ...(from === undefined ? {} : { 'earshot.spoken-from': String(from) }),
        ...(to === undefined ? {} : { 'earshot.spoken-to': String(to) }),
      },
    });
    await writer.write(text);
    await writer.close();
  }

  /** Words of the agent: one stream that grows. */
  async say(id: string, ...pieces: string[]): Promise<void> {
    const attributes = { 'lk.segment_id': id, 'lk.transcription_final': 'false' };
    const writer = await this.#self.streamText({ topic: TRANSCRIPTION, attributes });
    for (const piece of pieces) await writer.write(piece);
    await writer.close();
  }

  /** A data message, as `earshot.turn` and `earshot.provider` are. */
  async publish(topic: string, message: object): Promise<void> {
    const payload = new TextEncoder().encode(JSON.stringify(message));
    await this.#self.publishData(payload, { reliable: true, topic });
  }

  async leave(): Promise<void> {
    await this.room.disconnect();
  }

  get #self() {
    const self = this.room.localParticipant;
    if (!self) throw new Error('the stand-in is not in the room');
    return self;
  }
}
