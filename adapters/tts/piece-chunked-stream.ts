import { randomUUID } from 'node:crypto';
import { tts, type APIConnectOptions } from '@livekit/agents';
import type { AdapterError } from '../adapter-error.js';
import { toAPIError } from '../to-api-error.js';
import { cutPieces } from './cut-pieces.js';
import { FrameSink } from './frame-sink.js';
import type { SpeechMaker } from './piece-synthesize-stream.js';
import { speakPieces } from './speak-pieces.js';

/** Speaks a text that is there already. A failure is an `error` event and an end without audio. */
export class PieceChunkedStream extends tts.ChunkedStream {
  override readonly label = 'earshot.PieceChunkedStream';
  readonly #tts: tts.TTS;
  readonly #maker: SpeechMaker;
  readonly #onFailure: (error: AdapterError) => void;

  constructor(
    adapter: tts.TTS,
    maker: SpeechMaker,
    onFailure: (error: AdapterError) => void,
    text: string,
    connOptions?: APIConnectOptions,
    abortSignal?: AbortSignal,
  ) {
    super(text, adapter, connOptions, abortSignal);
    this.#tts = adapter;
    this.#maker = maker;
    this.#onFailure = onFailure;
    if (abortSignal?.aborted) this.close();
  }

  protected override async run(): Promise<void> {
    const sink = new FrameSink(this.#tts.sampleRate, randomUUID(), (audio) => {
      if (!this.queue.closed && !this.abortSignal.aborted) this.queue.put(audio);
    });
    try {
      await speakPieces({
        ...this.#maker,
        sink,
        items: cutPieces(once(this.inputText), this.#maker.pieces),
        signal: this.abortSignal,
        onRequest: () => undefined,
      });
    } catch (error) {
      // Throwing here ends in an unhandled rejection: the base class awaits its task nowhere.
      if (!this.abortSignal.aborted) this.#onFailure(toAPIError(error, this.#maker.context));
    }
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable of one item
async function* once(text: string): AsyncGenerator<string, void, undefined> {
  yield text;
}
