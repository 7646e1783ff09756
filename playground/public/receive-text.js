/* global TextDecoder */
import { RoomEvent } from '/vendor/livekit-client.esm.mjs';

const TRANSCRIPTION = 'lk.transcription';
const TURN = 'earshot.turn';
const PROVIDER = 'earshot.provider';
const SPOKEN_FROM = 'earshot.spoken-from';
const SPOKEN_TO = 'earshot.spoken-to';

/**
 * Turns the room's text and data into `on.text`, `on.turn` and `on.provider`.
 *
 * Words of people come as a new stream for every change, each with the whole text of its segment. The
 * agent's come as one stream a segment that grows, and is final when it ends.
 */
export function receiveText(room, ownIdentity, on) {
  const isAgent = (identity) => room.remoteParticipants.get(identity)?.isAgent === true;
  room.registerTextStreamHandler(TRANSCRIPTION, async (reader, { identity }) => {
    const attributes = reader.info.attributes ?? {};
    const piece = {
      id: attributes['lk.segment_id'] ?? reader.info.id,
      speaker: identity === ownIdentity ? 'you' : isAgent(identity) ? 'agent' : 'other',
      identity,
      fromMs: time(attributes[SPOKEN_FROM]),
      toMs: time(attributes[SPOKEN_TO]),
    };
    const grows = piece.speaker === 'agent';
    let text = '';
    try {
      for await (const more of reader) {
        text += more;
        if (grows) on.text({ ...piece, text, isFinal: false });
      }
    } catch {
      // The stream broke with the connection: what came of it stands.
    }
    const isFinal = grows || attributes['lk.transcription_final'] === 'true';
    if (text !== '') on.text({ ...piece, text, isFinal });
  });

  const topics = { [TURN]: on.turn, [PROVIDER]: on.provider };
  const read = (topic, json) => {
    try {
      topics[topic](JSON.parse(json));
    } catch (error) {
      console.warn(`A message of ${topic} could not be read`, error);
    }
  };
  for (const topic of Object.keys(topics)) {
    room.registerTextStreamHandler(topic, async (reader) => {
      read(topic, await reader.readAll().catch(() => '{}'));
    });
  }
  room.on(RoomEvent.DataReceived, (payload, _participant, _kind, topic) => {
    if (topic in topics) read(topic, new TextDecoder().decode(payload));
  });
}

function time(text) {
  const ms = Number(text);
  return text === undefined || !Number.isFinite(ms) ? undefined : ms;
}
