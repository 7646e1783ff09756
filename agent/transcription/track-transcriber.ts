import { stt, type log } from '@livekit/agents';
import {
  AudioStream,
  type AudioFrame,
  type LocalParticipant,
  type RemoteAudioTrack,
} from '@livekit/rtc-node';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadableStreamDefaultReader } from 'node:stream/web';
import { AudioClock } from './audio-clock.js';
import { TranscriptWriter } from './transcript-writer.js';

/** Rate at which tracks are read, in Hz; recognisers resample to their own. */
const SAMPLE_RATE = 24_000;

/** What was said last is waited for this long after a speaker has left. */
const LAST_WORDS_MS = 20_000;

/** Pause before a recogniser that failed is made again: a refused key must not busy the service. */
const RESTART_PAUSE_MS = 3000;

/** What a transcriber is made of. */
export interface TranscriberParts {
  readonly recogniser: stt.STT;
  readonly track: RemoteAudioTrack;
  readonly publisher: LocalParticipant;
  /** Identity. */
  readonly speaker: string;
  readonly logger: ReturnType<typeof log>;
}

/** Recognises one track from its first frame to its end, with a recogniser of its own, and publishes the words. */
export class TrackTranscriber {
  readonly #parts: TranscriberParts;
  readonly #reader: ReadableStreamDefaultReader<AudioFrame>;
  readonly #done: Promise<unknown>;
  #current: { readonly stream: stt.SpeechStream; readonly clock: AudioClock } | undefined;
  #isOver = false;
  /** Finals that the room took in none of the attempts, and audio that came while no recogniser ran. */
  #lost = { finals: 0, audioMs: 0 };

  constructor(parts: TranscriberParts) {
    this.#parts = parts;
    parts.recogniser.on('error', ({ error }) => {
      parts.logger.error({ error, speaker: parts.speaker }, 'the recogniser failed');
    });
    this.#reader = new AudioStream(parts.track, SAMPLE_RATE, 1).getReader();
    this.#done = Promise.all([this.#recognise(), this.#listen()]);
  }

  /** The track has ended: waits for the words that are still being recognised, then frees everything. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#reader.cancel().catch(() => undefined);
    const patience = new AbortController();
    const late = sleep(LAST_WORDS_MS, undefined, { signal: patience.signal });
    await Promise.race([this.#done, late.catch(() => undefined)]);
    patience.abort();
    this.#current?.stream.close();
    await this.#parts.recogniser.close();
    if (this.#lost.finals > 0 || this.#lost.audioMs > 0) {
      this.#parts.logger.warn(
        { speaker: this.#parts.speaker, lost: this.#lost },
        'words were lost',
      );
    }
  }

  async #listen(): Promise<void> {
    for (;;) {
      const { done, value: frame } = await this.#reader.read();
      if (done) break;
      const durationMs = (frame.samplesPerChannel / frame.sampleRate) * 1000;
      if (this.#current) {
        this.#current.clock.push(durationMs, Date.now());
        this.#current.stream.pushFrame(frame);
      } else this.#lost.audioMs += durationMs;
    }
    this.#isOver = true;
    this.#current?.stream.endInput();
  }

  /** A stream that ended before the track did has failed for good: another one is made. */
  async #recognise(): Promise<void> {
    for (;;) {
      const current = { stream: this.#parts.recogniser.stream(), clock: new AudioClock() };
      this.#current = current;
      await this.#publishAll(current.stream, current.clock);
      this.#current = undefined;
      if (this.#isOver) return;
      this.#parts.logger.error(
        { speaker: this.#parts.speaker },
        'recognition ended; it starts again',
      );
      await sleep(RESTART_PAUSE_MS);
    }
  }

  async #publishAll(stream: stt.SpeechStream, clock: AudioClock): Promise<void> {
    const { publisher, speaker, track, logger } = this.#parts;
    const writer = new TranscriptWriter(publisher, speaker, track.sid ?? speaker, clock);
    for await (const { type, alternatives } of stream) {
      const words = alternatives?.[0];
      if (words === undefined || words.text.trim() === '') continue;
      try {
        if (type === stt.SpeechEventType.FINAL_TRANSCRIPT) await writer.final(words);
        else if (type === stt.SpeechEventType.INTERIM_TRANSCRIPT) await writer.interim(words);
      } catch (error) {
        if (type === stt.SpeechEventType.FINAL_TRANSCRIPT) this.#lost.finals += 1;
        logger.error({ error, speaker, lost: this.#lost }, 'words were not published');
      }
    }
  }
}
