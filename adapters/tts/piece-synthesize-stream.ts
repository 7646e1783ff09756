import { randomUUID } from 'node:crypto';
import { tts, type APIConnectOptions } from '@livekit/agents';
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
    await speakPieces({
      ...this.#maker,
      sink,
      items: cutPieces(this.input, this.#maker.pieces),
      signal: this.abortSignal,
      onRequest: () => {
        this.markStarted();
      },
    });
    if (!this.queue.closed && !this.abortSignal.aborted) {
      this.queue.put(tts.SynthesizeStream.END_OF_STREAM);
    }
  }
}
