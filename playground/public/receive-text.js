/* global TextDecoder */
import { RoomEvent } from '/vendor/livekit-client.esm.mjs';

const TRANSCRIPTION = 'lk.transcription';
const TURN = 'earshot.turn';

/**
 * Turns the room's text streams into `on.text` and `on.turn`.
 *
 * Words of the caller come as a new stream for every change, each with the whole text of its segment. The
 * agent's come as one stream a segment that grows, and is final when it ends.
 */
export function receiveText(room, ownIdentity, on) {
  room.registerTextStreamHandler(TRANSCRIPTION, async (reader, { identity }) => {
    const attributes = reader.info.attributes ?? {};
    const id = attributes['lk.segment_id'] ?? reader.info.id;
    const isOwn = identity === ownIdentity;
    const speaker = isOwn ? 'you' : 'agent';
    let text = '';
    try {
      for await (const piece of reader) {
        text += piece;
        if (!isOwn) on.text({ speaker, id, text, isFinal: false });
      }
    } catch {
      // The stream broke with the connection: what came of it stands.
    }
    const isFinal = !isOwn || attributes['lk.transcription_final'] === 'true';
    if (text !== '') on.text({ speaker, id, text, isFinal });
  });

  const readTurn = (json) => {
    try {
      on.turn(JSON.parse(json));
    } catch {
      console.warn('A latency report was not JSON', json);
    }
  };
  room.registerTextStreamHandler(TURN, async (reader) => {
    readTurn(await reader.readAll().catch(() => '{}'));
  });
  room.on(RoomEvent.DataReceived, (payload, _participant, _kind, topic) => {
    if (topic === TURN) readTurn(new TextDecoder().decode(payload));
  });
}
