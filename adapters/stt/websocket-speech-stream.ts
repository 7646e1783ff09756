import { stt, type APIConnectOptions } from '@livekit/agents';
import type { AudioFeed } from './audio-feed.js';
import type { TranscriptPublisher } from './transcript-publisher.js';
import type { WebSocketRecognition } from './websocket-recognition.js';

/** The parts of a stream, made by the adapter; `emit` and the offset come from the stream. */
export interface RecognitionParts {
  readonly feed: AudioFeed;
  readonly publisher: TranscriptPublisher;
  readonly recognition: WebSocketRecognition;
}

/**
 * The framework's view of a recognition: reads its input for as long as the stream lives and
 * never ends while there is input, because a stream that ends early leaves the session deaf.
 */
export class WebSocketSpeechStream extends stt.SpeechStream {
  override readonly label = 'earshot.WebSocketSpeechStream';
  readonly #parts: RecognitionParts;
  #pump: Promise<void> | undefined;
  #offsetS: number | undefined;

  constructor(
    adapter: stt.STT,
    compose: (emit: (event: stt.SpeechEvent) => void, offsetS: () => number) => RecognitionParts,
    connOptions?: APIConnectOptions,
  ) {
    // No sample rate: resampling is the feed's, which also copes with stereo and flushes the end.
    super(adapter, undefined, connOptions);
    this.#parts = compose(
      (event) => {
        if (!this.queue.closed) this.queue.put(event);
      },
      () => this.#offsetS ?? this.startTimeOffset,
    );
  }

  protected override async run(): Promise<void> {
    // The base class adds the wall time of failed attempts; our clock counts audio and goes on.
    this.#offsetS ??= this.startTimeOffset;
    const pump = (this.#pump ??= this.#parts.feed.pump(this.input));
    await Promise.all([this.#parts.recognition.run(this.abortSignal), pump]);
  }
}
