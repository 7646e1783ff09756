import { randomUUID } from 'node:crypto';
import type { stt } from '@livekit/agents';
import type { LocalParticipant } from '@livekit/rtc-node';
import pRetry from 'p-retry';
import { SPOKEN_FROM_ATTRIBUTE, SPOKEN_TO_ATTRIBUTE } from '../../protocol/room-attributes.js';
import type { AudioClock } from './audio-clock.js';

/** The framework's topic and attributes for transcripts. */
const TOPIC = 'lk.transcription';
const FINAL = 'lk.transcription_final';
const SEGMENT = 'lk.segment_id';
const TRACK = 'lk.transcribed_track_id';

/** A final is sent again while the room reconnects: 0.5, 1, 2, 4 and 8 s later. */
const FINAL_RETRIES = 5;
const FIRST_RETRY_MS = 500;

/** Publishes what one track says, under the name of the one who says it. */
export class TranscriptWriter {
  readonly #prefix = randomUUID().slice(0, 8);
  #segment = 0;

  /** @param speaker - identity of the participant whose words these are */
  constructor(
    private readonly publisher: LocalParticipant,
    private readonly speaker: string,
    private readonly trackId: string,
    private readonly clock: AudioClock,
  ) {}

  /** Words that may still change: the next ones replace them, so one that cannot be sent is not sent again. */
  async interim(data: stt.SpeechData): Promise<void> {
    await this.#send(data, false);
  }

  /** Words that stay. @throws when the room took them in none of the attempts */
  async final(data: stt.SpeechData): Promise<void> {
    await pRetry(() => this.#send(data, true), {
      retries: FINAL_RETRIES,
      minTimeout: FIRST_RETRY_MS,
    });
    this.#segment += 1;
  }

  async #send(data: stt.SpeechData, isFinal: boolean): Promise<void> {
    const from = this.clock.toEpochMs(data.startTime * 1000);
    const to = this.clock.toEpochMs(data.endTime * 1000);
    const writer = await this.publisher.streamText({
      topic: TOPIC,
      senderIdentity: this.speaker,
      attributes: {
        [FINAL]: String(isFinal),
        [SEGMENT]: `${this.#prefix}-${this.#segment}`,
        [TRACK]: this.trackId,
        ...(from === undefined ? {} : { [SPOKEN_FROM_ATTRIBUTE]: String(from) }),
        ...(to === undefined ? {} : { [SPOKEN_TO_ATTRIBUTE]: String(to) }),
      },
    });
    await writer.write(data.text);
    await writer.close();
  }
}
