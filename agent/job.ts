import { log, type JobContext } from '@livekit/agents';
import type { AppConfig } from '../config/load-config.js';
import { PROVIDERS_ATTRIBUTE } from '../protocol/room-attributes.js';
import { findProvider } from '../providers/find-provider.js';
import { runCall } from './call.js';
import { chooseForCall } from './choose-for-call.js';
import { isSoleAgent, onOlderAgent } from './sole-agent.js';
import { runTranscription } from './transcription/run-transcription.js';

/** One job: joins the room, sees that it is the only agent there, and does what the caller chose. */
export const runJob = async (ctx: JobContext, config: AppConfig): Promise<void> => {
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
  // Rejects when the room ends before anybody came: then there is nothing to do.
  const caller = await ctx.waitForParticipant().catch(() => undefined);
  if (!caller || ended.signal.aborted) return;
  const plan = await chooseForCall(config, caller.metadata);
  for (const sentence of plan.refused)
    logger.warn(`The caller's choice was not followed: ${sentence}`);
  await ctx.agent?.setAttributes({ [PROVIDERS_ATTRIBUTE]: JSON.stringify(describe(plan.config)) });
  if (plan.config.agent.mode === 'transcription')
    await runTranscription(ctx, plan.config, ended.signal);
  else await runCall(ctx, plan.config, ended.signal);
};

/** Who does what, for whoever is in the room. */
const describe = ({ agent: { mode }, stt, llm, tts }: AppConfig): Record<string, unknown> => {
  if (mode === 'transcription') return { mode, stt: stt.provider };
  const option = findProvider('tts', tts.provider).voices?.option;
  const voice = Object.entries(tts).find(([name]) => name === option)?.[1];
  return { mode, stt: stt.provider, llm: llm.provider, tts: tts.provider, voice };
};
