import { log, voice, type JobContext } from '@livekit/agents';
import type { AppConfig } from '../config/load-config.js';
import { READY_ATTRIBUTE } from '../protocol/room-attributes.js';
import { createAssistant } from './assistant.js';
import { healthUrls, waitForProviders } from './provider-health.js';
import { createSession } from './session.js';
import { publishTurnMetrics } from './session-metrics.js';
import { isSoleAgent, onOlderAgent } from './sole-agent.js';

/** One call from joining the room to leaving it. Resolves when the greeting was said. */
export const runCall = async (ctx: JobContext, config: AppConfig): Promise<void> => {
  const logger = log().child({ room: ctx.job.room?.name });
  const ended = new AbortController();
  ctx.addShutdownCallback(() => {
    ended.abort();
    return Promise.resolve();
  });
  await ctx.connect();
  if (!(await isSoleAgent(ctx.room, { signal: ended.signal }))) {
    logger.info('an older agent is in the room already; this one leaves');
    ctx.shutdown('another agent is in the room');
    return;
  }
  onOlderAgent(ctx.room, () => {
    logger.info('the older agent of this call is back; this one leaves');
    ctx.shutdown('another agent is in the room');
  });

  const session = createSession(config);
  session.on(voice.AgentSessionEventTypes.Close, ({ reason, error }) => {
    logger.info({ reason, error }, 'the call ended');
    // The framework leaves a mute agent in the room when a session closes.
    ctx.shutdown(reason);
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
  await waitForProviders(
    healthUrls(config),
    (url, reason) => {
      logger.warn(`${url}: ${reason}. The caller is heard as soon as it answers.`);
    },
    ended.signal,
  );
  if (ended.signal.aborted) return;
  if (config.agent.greeting !== undefined) {
    await session.say(config.agent.greeting, { allowInterruptions: true }).waitForPlayout();
  }
  await ctx.agent?.setAttributes({ [READY_ATTRIBUTE]: 'true' });
};
