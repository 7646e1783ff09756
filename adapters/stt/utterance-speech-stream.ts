import { randomUUID } from 'node:crypto';
import { log, stt, type APIConnectOptions, type VAD } from '@livekit/agents';
import type { AdapterError } from '../adapter-error.js';
import type { FailureContext } from '../to-api-error.js';
import { AudioFeed } from './audio-feed.js';
import { toFinalEvent, type TranscriptResult } from './transcript-result.js';
import { UtteranceRecogniser, type Utterance } from './utterance-recogniser.js';
import { UtteranceSegmenter } from './utterance-segmenter.js';

/** Utterances waiting at most: with 30 s each that is 8 MB, and minutes behind the speaker. */
const MAX_WAITING_UTTERANCES = 8;
/** An utterance beyond this is cut: Whisper models look at 30 s, and many services refuse more. */
const MAX_UTTERANCE_MS = 30_000;
/** Audio before the detected start: the detector needs a moment, and first consonants are quiet. */
const PREFIX_MS = 500;

export interface UtteranceSpeechStreamOptions {
  readonly adapter: stt.STT;
  readonly vad: VAD;
  readonly sampleRate: number;
  readonly language: string | undefined;
  readonly context: FailureContext;
  /** Recognises 16-bit mono audio at `sampleRate`; retries are its own affair. */
  readonly transcribe: (pcm: Int16Array, signal: AbortSignal) => Promise<TranscriptResult>;
  readonly onTrouble: (error: AdapterError) => void;
  readonly connOptions: APIConnectOptions | undefined;
}

/**
 * A stream over a service that only knows whole recordings: utterances are found on this machine,
 * sent one after the other, and published in order.
 *
 * It replaces the framework's `StreamAdapter`, which hands over corrupted audio and drops an
 * utterance silently when a request fails.
 */
export class UtteranceSpeechStream extends stt.SpeechStream {
  override readonly label = 'earshot.UtteranceSpeechStream';
  readonly #options: UtteranceSpeechStreamOptions;
  readonly #feed: AudioFeed;
  #running: Promise<void> | undefined;

  constructor(options: UtteranceSpeechStreamOptions) {
    super(options.adapter, undefined, options.connOptions);
    this.#options = options;
    this.#feed = new AudioFeed(options.sampleRate, { maxSeconds: (MAX_UTTERANCE_MS / 1000) * 2 });
  }

  protected override async run(): Promise<void> {
    await (this.#running ??= this.#runOnce());
  }

  async #runOnce(): Promise<void> {
    const { context, vad, onTrouble } = this.#options;
    const recogniser = new UtteranceRecogniser({
      maxWaiting: MAX_WAITING_UTTERANCES,
      context,
      recognise: (utterance, signal) => this.#recognise(utterance, signal),
      onTrouble: (error, utterance) => {
        onTrouble(error);
        if (utterance.last) this.#put({ type: stt.SpeechEventType.END_OF_SPEECH });
      },
    });
    const segmenter = new UtteranceSegmenter({
      feed: this.#feed,
      vad,
      prefixMs: PREFIX_MS,
      maxUtteranceMs: MAX_UTTERANCE_MS,
      onStart: () => {
        this.#put({ type: stt.SpeechEventType.START_OF_SPEECH });
      },
      onUtterance: (pcm, from, last) => {
        recogniser.add({ pcm, from, last });
      },
    });
    const segmenting = segmenter.run(this.abortSignal).finally(() => {
      recogniser.end();
    });
    await Promise.all([this.#feed.pump(this.input), segmenting, recogniser.run(this.abortSignal)]);
  }

  async #recognise(utterance: Utterance, signal: AbortSignal): Promise<void> {
    const { transcribe, sampleRate, language } = this.#options;
    const { pcm, from, last } = utterance;
    const requestId = randomUUID();
    const result = await transcribe(pcm, signal);
    const audioDuration = pcm.length / sampleRate;
    const startS = this.startTimeOffset + from / sampleRate;
    const span = { startS, endS: startS + audioDuration };
    if (result.text.trim() === '') log().debug({ audioDuration }, 'an utterance without words');
    else this.#put(toFinalEvent(result, span, language, requestId));
    this.#put({
      type: stt.SpeechEventType.RECOGNITION_USAGE,
      requestId,
      recognitionUsage: { audioDuration },
    });
    if (last) this.#put({ type: stt.SpeechEventType.END_OF_SPEECH, requestId });
  }

  #put(event: stt.SpeechEvent): void {
    if (!this.queue.closed) this.queue.put(event);
  }
}
