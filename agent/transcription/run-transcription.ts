import { log, type JobContext } from '@livekit/agents';
import {
  ParticipantKind,
  RemoteAudioTrack,
  RoomEvent,
  TrackSource,
  type RemoteParticipant,
  type RemoteTrackPublication,
  type Track,
} from '@livekit/rtc-node';
import type { AppConfig } from '../../config/load-config.js';
import { READY_ATTRIBUTE } from '../../protocol/room-attributes.js';
import { ProviderFactory } from '../../providers/provider-factory.js';
import { healthUrls, waitForProviders } from '../provider-health.js';
import { TrackTranscriber } from './track-transcriber.js';
import { fallbacksFor } from '../fallbacks-for.js';
import { publishProvider } from '../publish-provider.js';

/** What the framework's sessions say of themselves; pages and callers look at it. */
const STATE_ATTRIBUTE = 'lk.agent.state';

/**
 * Writes down what everybody in the room says: one recogniser a microphone, no LLM, no TTS. Whoever leaves is
 * heard to the last word; whoever comes back gets a new recogniser. Resolves when it listens; the room's end ends it.
 */
export const runTranscription = async (
  ctx: JobContext,
  config: AppConfig,
  ended: AbortSignal,
): Promise<void> => {
  const logger = log().child({ room: ctx.job.room?.name });
  const { room } = ctx;
  const publisher = ctx.agent;
  if (!publisher) throw new Error('The agent is not in the room that it was sent to.');
  const transcribers = new Map<string, TrackTranscriber>();
  const ending = new Set<Promise<void>>();

  const start = (
    track: Track | undefined,
    { sid, source }: RemoteTrackPublication,
    { identity: speaker, info }: RemoteParticipant,
  ): void => {
    if (!(track instanceof RemoteAudioTrack) || source !== TrackSource.SOURCE_MICROPHONE) return;
    if (info.kind === ParticipantKind.AGENT || sid === undefined || transcribers.has(sid)) return;
    const recogniser = ProviderFactory.createSTT(config.stt, {
      fallbacks: fallbacksFor(config).stt,
      onChange: (change) => {
        publishProvider(room, change);
      },
    });
    transcribers.set(sid, new TrackTranscriber({ recogniser, track, publisher, speaker, logger }));
    logger.info({ speaker }, 'listening to a participant');
  };
  const end = (sid: string): void => {
    const transcriber = transcribers.get(sid);
    if (!transcriber) return;
    transcribers.delete(sid);
    const over = transcriber.end().catch((error: unknown) => {
      logger.error({ error }, 'a recogniser did not end well');
    });
    ending.add(over);
    void over.then(() => ending.delete(over));
  };
  room.on(RoomEvent.TrackSubscribed, start);
  room.on(RoomEvent.TrackUnsubscribed, (_track, publication) => {
    if (publication.sid !== undefined) end(publication.sid);
  });
  ctx.addShutdownCallback(async () => {
    for (const sid of transcribers.keys()) end(sid);
    await Promise.all(ending);
  });
  for (const participant of room.remoteParticipants.values()) {
    for (const publication of participant.trackPublications.values()) {
      start(publication.track, publication, participant);
    }
  }
  await publisher.setAttributes({ [STATE_ATTRIBUTE]: 'listening' });
  await waitForProviders(
    healthUrls(config, ['stt']),
    (url, reason) => {
      logger.warn(`${url}: ${reason}. What is said now is recognised as soon as it answers.`);
    },
    ended,
  );
  if (!ended.aborted) await publisher.setAttributes({ [READY_ATTRIBUTE]: 'true' });
};
