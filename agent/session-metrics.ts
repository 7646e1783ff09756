import { voice, type llm } from '@livekit/agents';
import type { Room } from '@livekit/rtc-node';
import { TURN_TOPIC } from '../protocol/room-attributes.js';

/** Latencies of one turn, in ms; absent where the framework did not measure one. */
export interface TurnMetrics {
  readonly endOfSpeechToFinalMs?: number;
  readonly endOfSpeechToEndOfTurnMs?: number;
  readonly endOfSpeechToFirstAudioMs?: number;
  readonly llmFirstTokenMs?: number;
  readonly ttsFirstByteMs?: number;
  /** The caller spoke over the agent, which stopped. */
  readonly interrupted?: true;
}

/**
 * Publishes the latencies of each turn to the room when the agent's part of it was added to the
 * conversation, and hands them to `log`.
 */
export const publishTurnMetrics = (
  session: voice.AgentSession,
  room: Room,
  log: (metrics: TurnMetrics) => void,
): void => {
  let user: llm.MetricsReport = {};
  session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
    if (item.type !== 'message') return;
    if (item.role === 'user') {
      user = item.metrics;
    } else if (item.role === 'assistant') {
      const metrics: TurnMetrics = {
        ...turnMetrics(user, item.metrics),
        ...(item.interrupted ? { interrupted: true } : {}),
      };
      user = {};
      log(metrics);
      const payload = new TextEncoder().encode(JSON.stringify(metrics));
      // A room that is just closing has nobody left to tell.
      room.localParticipant
        ?.publishData(payload, { reliable: true, topic: TURN_TOPIC })
        .catch(() => undefined);
    }
  });
};

/** Joins what the framework measured of both sides of a turn (seconds) into one record (ms). */
export const turnMetrics = (user: llm.MetricsReport, agent: llm.MetricsReport): TurnMetrics => ({
  ...inMs('endOfSpeechToFinalMs', user.transcriptionDelay),
  ...inMs('endOfSpeechToEndOfTurnMs', user.endOfTurnDelay),
  ...inMs('endOfSpeechToFirstAudioMs', agent.e2eLatency),
  ...inMs('llmFirstTokenMs', agent.llmNodeTtft),
  ...inMs('ttsFirstByteMs', agent.ttsNodeTtfb),
});

const inMs = (
  name: Exclude<keyof TurnMetrics, 'interrupted'>,
  seconds: number | undefined,
): TurnMetrics => (seconds === undefined ? {} : { [name]: Math.round(seconds * 1000) });
