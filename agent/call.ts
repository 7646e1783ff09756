import { log, voice, type JobContext } from '@livekit/agents';
import type { AppConfig } from '../config/load-config.js';
import { READY_ATTRIBUTE } from '../protocol/room-attributes.js';
import { createAssistant } from './assistant.js';
import { closeEmptyRoom } from './close-room.js';
import { keepTrackOpen } from './open-track.js';
import { healthUrls, waitForProviders } from './provider-health.js';
import { publishProvider } from './publish-provider.js';
import { createSession } from './session.js';
import { publishTurnMetrics } from './session-metrics.js';
import { sayTechnicalProblems } from './technical-problem.js';

/** A conversation in a joined room. Resolves when the greeting was said. */
export const runCall = async (
  ctx: JobContext,
  config: AppConfig,
  ended: AbortSignal,
): Promise<void> => {
  const logger = log().child({ room: ctx.job.room?.name });
  const session = createSession(config, (change) => {
    publishProvider(ctx.room, change);
  });
  sayTechnicalProblems(session);
  session.on(voice.AgentSessionEventTypes.Close, ({ reason, error }) => {
    logger.info({ reason, error }, 'the call ended');
    // The framework leaves a mute agent in the room when a session closes.
    void closeEmptyRoom(ctx).finally(() => {
      ctx.shutdown(reason);
    });
  });
  session.on(voice.AgentSessionEventTypes.Error, ({ error }) => {
    logger.error({ error }, 'a provider failed');
  });
  publishTurnMetrics(session, ctx.room, (turn) => {
    logger.info(turn, 'turn');
  });
  await session.start({
    agent: createAssistant(config),
    room: ctx.room,
    inputOptions: { closeOnDisconnect: true },
  });
  keepTrackOpen(session, ctx.room);
  await waitForProviders(
    healthUrls(config),
    (url, reason) => {
      logger.warn(`${url}: ${reason}. The caller is heard as soon as it answers.`);
    },
    ended,
  );
  if (ended.aborted) return;
  if (config.agent.greeting !== undefined) {
    await session.say(config.agent.greeting, { allowInterruptions: true }).waitForPlayout();
  }
  await ctx.agent?.setAttributes({ [READY_ATTRIBUTE]: 'true' });
};
