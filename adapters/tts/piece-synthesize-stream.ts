import { randomUUID } from 'node:crypto';
import { tts, type APIConnectOptions } from '@livekit/agents';
import type { AdapterError } from '../adapter-error.js';
import { toAPIError } from '../to-api-error.js';
import { cutPieces } from './cut-pieces.js';
import { FrameSink } from './frame-sink.js';
import { speakPieces, type SpeakPiecesOptions } from './speak-pieces.js';
import type { TextPiecesOptions } from './text-pieces.js';

/** What the adapter lends to its streams. */
export interface SpeechMaker extends Pick<
  SpeakPiecesOptions,
  'open' | 'onTrouble' | 'maxRetries' | 'deadlineMs' | 'context'
> {
  readonly pieces: TextPiecesOptions;
  /** Takes a failure of the whole reply, which then ends without an error. Default: it is thrown. */
  readonly onFailure?: ((error: AdapterError) => void) | undefined;
}

/** Speaks text while it is still being written, piece by piece, in order. */
export class PieceSynthesizeStream extends tts.SynthesizeStream {
  override readonly label = 'earshot.PieceSynthesizeStream';
  readonly #tts: tts.TTS;
  readonly #maker: SpeechMaker;

  constructor(adapter: tts.TTS, maker: SpeechMaker, connOptions?: APIConnectOptions) {
    super(adapter, connOptions);
    this.#tts = adapter;
    this.#maker = maker;
  }

  protected override async run(): Promise<void> {
    const sink = new FrameSink(this.#tts.sampleRate, randomUUID(), (audio) => {
      if (!this.queue.closed && !this.abortSignal.aborted) this.queue.put(audio);
    });
    const { onFailure } = this.#maker;
    try {
      await speakPieces({
        ...this.#maker,
        sink,
        items: cutPieces(this.input, this.#maker.pieces),
        signal: this.abortSignal,
        onRequest: () => {
          this.markStarted();
        },
      });
    } catch (error) {
      if (onFailure === undefined) throw error;
      if (!this.abortSignal.aborted) onFailure(toAPIError(error, this.#maker.context));
    }
    if (!this.queue.closed && !this.abortSignal.aborted) {
      this.queue.put(tts.SynthesizeStream.END_OF_STREAM);
    }
  }
}
