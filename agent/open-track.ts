import { ReadableStream } from 'node:stream/web';
import { voice } from '@livekit/agents';
import { AudioFrame, RoomEvent, type Room } from '@livekit/rtc-node';

/** Enough for the media server to see packets of the track. */
const SILENCE_MS = 200;
const SAMPLE_RATE = 24_000;
const FRAME_MS = 20;

/** After a reconnection the track is published again at some moment that nobody is told, well within the server's 30 s; in ms. */
const AFTER_RECONNECT_MS = [500, 3000, 9000];

/**
 * Sends a little silence over the agent's track now and after each reconnection. livekit-server takes a track that was
 * published and carries nothing for 30 s for broken, and has the participant connect anew: what the caller says in
 * those seconds would be lost.
 */
export const keepTrackOpen = (session: voice.AgentSession, room: Room): void => {
  const timers = new Set<NodeJS.Timeout>();
  const open = (): void => {
    if (session.agentState === 'speaking') return; // its voice does the same
    session.say('', { audio: silence(), allowInterruptions: true, addToChatCtx: false });
  };
  const openSoon = (): void => {
    for (const delayMs of AFTER_RECONNECT_MS) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        open();
      }, delayMs);
      timers.add(timer);
    }
  };
  open();
  room.on(RoomEvent.Reconnected, openSoon);
  session.once(voice.AgentSessionEventTypes.Close, () => {
    room.off(RoomEvent.Reconnected, openSoon);
    for (const timer of timers) clearTimeout(timer);
  });
};

const silence = (): ReadableStream<AudioFrame> => {
  let left = SILENCE_MS / FRAME_MS;
  return new ReadableStream<AudioFrame>({
    pull: (controller) => {
      const samples = (SAMPLE_RATE * FRAME_MS) / 1000;
      controller.enqueue(new AudioFrame(new Int16Array(samples), SAMPLE_RATE, 1, samples));
      left -= 1;
      if (left === 0) controller.close();
    },
  });
};
