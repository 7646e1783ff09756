import type { StreamServerMessage } from '../../protocol/stream-messages.js';
import type {
  Recognition,
  RecogniserLease,
  SpeechToTextEngine,
} from '../engines/speech-to-text-engine.js';
import { VAD_WINDOW_SAMPLES, type VoiceActivityStream } from '../engines/voice-activity-engine.js';
import { quietestMoment } from '../transcription/plan-windows.js';
import { Endpointer, type EndpointEvent } from './endpointer.js';
import { PassScheduler } from './pass-scheduler.js';
import { ProcessorScheduler } from './processor-scheduler.js';
import type {
  Utterance,
  UtteranceScheduler,
  UtteranceSchedulerOptions,
} from './utterance-scheduler.js';
import { SampleHistory } from '../audio/sample-history.js';
import { ACK_EVERY_MS, MAX_UTTERANCE_MS, MIN_CUT_MS, PRE_ROLL_MS } from './stream-limits.js';

/** What a recogniser says, in the words of `/v1/stream`; other protocols translate. */
export type RecogniserEvent = Extract<
  StreamServerMessage,
  {
    type:
      | 'ack'
      | 'speech-started'
      | 'speech-ended'
      | 'transcript-interim'
      | 'transcript-preflight'
      | 'transcript-final';
  }
>;

/** Settings of a {@link StreamingRecogniser}. */
export interface StreamingRecogniserOptions {
  readonly stt: SpeechToTextEngine;
  /** Opened for the stream's rate; closed by {@link StreamingRecogniser.close}. */
  readonly vad: VoiceActivityStream;
  /** Of the audio that is pushed, in Hz. */
  readonly sampleRate: number;
  readonly language?: string | undefined;
  readonly interimResults: boolean;
  /** Silence that ends an utterance. */
  readonly silenceMs: number;
  readonly onEvent: (event: RecogniserEvent) => void;
  /** The engine failed for good: nothing more comes, and audio after `settledMs` was not recognised. */
  readonly onFailure: (error: Error) => void;
}

const PER_MS = 16;
/** A little silence after the last sound helps the recogniser to end its sentence (0.2 s). */
const END_TAIL = 200 * PER_MS;
const toMs = (samples: number): number => Math.round(samples / PER_MS);

/**
 * Recognises a stream of audio: finds utterances by their pauses, gives interim texts while somebody speaks, the probable
 * final when they pause, and that same text as the final when the pause holds. Knows nothing of WebSockets.
 */
export class StreamingRecogniser {
  readonly #options: StreamingRecogniserOptions;
  readonly #history = new SampleHistory();
  readonly #endpointer: Endpointer;
  readonly #scheduler: UtteranceScheduler;
  readonly #lease: RecogniserLease | undefined;
  #receivedSamples = 0;
  #windows = 0;
  #nextUtterance = 0;
  #ackedMs = 0;

  constructor(options: StreamingRecogniserOptions) {
    this.#options = options;
    this.#endpointer = new Endpointer(options.silenceMs);
    this.#lease = options.stt.lease?.();
    this.#scheduler = this.#newScheduler({
      language: options.language ?? this.#lease?.settings.language,
      interimResults: options.interimResults,
      audio: (from, to) => this.#history.slice(from, to),
      onInterim: (utterance, end, heard, stableText) => {
        options.onEvent({
          type: 'transcript-interim',
          ...this.#transcript(utterance, end, heard),
          stableText,
        });
      },
      onPreflight: (utterance, end, heard) => {
        options.onEvent({
          type: 'transcript-preflight',
          ...this.#transcript(utterance, end, heard),
        });
      },
      onFinal: (utterance, end, heard) => {
        this.#final(utterance, end, heard);
      },
      onFailure: options.onFailure,
    });
  }

  /** Audio received so far, in ms of the stream. */
  get receivedMs(): number {
    return Math.floor((this.#receivedSamples * 1000) / this.#options.sampleRate);
  }

  /**
   * Takes audio; resolves when it may be followed by more. Calls must not overlap.
   *
   * @param pcm - mono s16le, an even number of bytes
   */
  async push(pcm: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#receivedSamples += pcm.byteLength >> 1;
    const { samples, speech } = await this.#options.vad.push(pcm);
    this.#history.append(samples);
    for (const flag of speech) {
      const start = this.#windows * VAD_WINDOW_SAMPLES;
      this.#windows += 1;
      for (const event of this.#endpointer.next(flag === 1, start, VAD_WINDOW_SAMPLES)) {
        await this.#onEndpoint(event);
      }
    }
    this.#scheduler.audioGrew(
      this.#history.end,
      this.#endpointer.silenceAt(this.#windows * VAD_WINDOW_SAMPLES),
    );
    this.#history.dropBefore(this.#oldestNeeded());
    if (this.receivedMs - this.#ackedMs >= ACK_EVERY_MS) this.#ack();
    await this.#scheduler.roomForMore();
  }

  /** Ends the current utterance now and resolves when its final was given. */
  async finalize(): Promise<void> {
    const { end } = this.#history;
    if (this.#endpointer.finish(end)) this.#end(end, false);
    await this.#scheduler.idle();
    this.#ack();
  }

  /** Stops at once; what was not recognised yet is not. */
  async close(): Promise<void> {
    this.#scheduler.stop();
    this.#lease?.release();
    await this.#options.vad.close();
  }

  #newScheduler(shared: UtteranceSchedulerOptions): UtteranceScheduler {
    const lease = this.#lease;
    const { settings } = lease ?? {};
    if (lease !== undefined && settings?.ownProcessor === true) {
      return new ProcessorScheduler({
        ...shared,
        separator: settings.separator,
        createProcessor: () => lease.createProcessor(shared.language),
      });
    }
    return new PassScheduler({
      ...shared,
      stt: lease?.engine ?? this.#options.stt,
      minChunkMs: settings?.minChunkMs,
      agreement: {
        trimming: settings?.trimming,
        trimmingMs: settings?.trimmingMs,
        quietest: (fromMs, toMs) => this.#quietest(fromMs, toMs),
      },
    });
  }

  async #onEndpoint(event: EndpointEvent): Promise<void> {
    switch (event.type) {
      case 'started': {
        const utterance = this.#nextUtterance++;
        this.#scheduler.begin({ utterance, start: event.start });
        this.#options.onEvent({ type: 'speech-started', utterance, atMs: toMs(event.at) });
        break;
      }
      case 'paused':
        this.#scheduler.pause(event.speechEnd, this.#history.end);
        break;
      case 'resumed':
        this.#scheduler.resume();
        break;
      case 'ended':
        this.#end(event.speechEnd, event.noise);
        break;
      case 'too-long':
        await this.#cut(event.at);
        break;
    }
  }

  #end(speechEnd: number, noise: boolean, tail = END_TAIL): void {
    const { current } = this.#scheduler;
    if (current === undefined) return;
    const atMs = toMs(speechEnd);
    this.#options.onEvent({ type: 'speech-ended', utterance: current.utterance, atMs });
    this.#scheduler.end(speechEnd, noise, tail);
  }

  async #cut(pause: number | undefined): Promise<void> {
    const { current } = this.#scheduler;
    if (current === undefined) return;
    const from = current.start + MIN_CUT_MS * PER_MS;
    const to = current.start + MAX_UTTERANCE_MS * PER_MS;
    const at = pause ?? from + quietestMoment(this.#history.slice(from, to), 0, to - from);
    this.#end(at, false, 0);
    this.#endpointer.cutAt(at);
    this.#scheduler.begin({ utterance: this.#nextUtterance++, start: at });
    await this.#options.vad.reset();
  }

  #quietest(fromMs: number, toMs: number): number {
    const from = Math.trunc(fromMs * PER_MS);
    const samples = this.#history.slice(from, Math.trunc(toMs * PER_MS));
    return (from + quietestMoment(samples, 0, samples.length)) / PER_MS;
  }

  #final(utterance: Utterance, end: number, heard: Recognition): void {
    if (heard.text !== '') {
      const offsetMs = toMs(utterance.start);
      const words = heard.words.map(({ text, startMs, endMs }) => ({
        text,
        startMs: startMs + offsetMs,
        endMs: endMs + offsetMs,
      }));
      this.#options.onEvent({
        type: 'transcript-final',
        ...this.#transcript(utterance, end, heard),
        language: heard.language,
        words,
      });
    }
    this.#ack();
  }

  #transcript(utterance: Utterance, end: number, { text }: Recognition) {
    const startMs = toMs(utterance.start);
    return {
      utterance: utterance.utterance,
      startMs,
      endMs: Math.max(startMs, toMs(end)),
      text,
    };
  }

  #ack(): void {
    this.#ackedMs = this.receivedMs;
    const settledMs = Math.min(this.receivedMs, toMs(this.#oldestNeeded()));
    this.#options.onEvent({ type: 'ack', receivedMs: this.receivedMs, settledMs });
  }

  /** First sample that may still become part of a final. */
  #oldestNeeded(): number {
    return (
      this.#scheduler.oldestUnsettled ??
      Math.max(0, this.#windows * VAD_WINDOW_SAMPLES - PRE_ROLL_MS * PER_MS)
    );
  }
}
