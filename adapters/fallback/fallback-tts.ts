import { tts, type APIConnectOptions } from '@livekit/agents';
import { createAdapterError, type AdapterError } from '../adapter-error.js';
import { emitTTSError } from '../emit-recoverable-error.js';
import { toAPIError } from '../to-api-error.js';
import { PieceChunkedStream } from '../tts/piece-chunked-stream.js';
import { PieceSynthesizeStream, type SpeechMaker } from '../tts/piece-synthesize-stream.js';
import { ProviderChain, type ChainMember, type ProviderChange } from './provider-chain.js';
import { speakWith } from './speak-with.js';

/** One piece of text through the whole chain, repeated once, in ms. */
const PIECE_DEADLINE_MS = 60_000;
/** After the whole chain failed for a piece it is gone through again, this often. */
const MAX_RETRIES = 1;

export interface FallbackTTSOptions {
  /** In order of preference. */
  readonly members: readonly [ChainMember<tts.TTS>, ...ChainMember<tts.TTS>[]];
  /** Told when another provider answers than before. */
  readonly onChange?: ((change: ProviderChange) => void) | undefined;
  /** BCP 47 tag, for the rules by which text is cut into sentences. Default `en`. */
  readonly language?: string | undefined;
}

/**
 * Several text-to-speech providers as one that does not fail: text that was not spoken yet goes to
 * the next one, and a sentence that broke off goes on where it stopped. When none can speak, an
 * `error` event with the code `all-providers-failed` comes out once; it is recoverable, so the call
 * stays up.
 */
export class FallbackTTS extends tts.TTS {
  override label = 'earshot.FallbackTTS';
  readonly #options: FallbackTTSOptions;
  readonly #chain: ProviderChain<tts.TTS>;

  /** The rate of the frames is the first provider's. */
  constructor(options: FallbackTTSOptions) {
    super(options.members[0].instance.sampleRate, 1, { streaming: true, alignedTranscript: true });
    this.#options = options;
    this.#chain = new ProviderChain(options.members, { kind: 'tts', onChange: options.onChange });
    for (const { instance } of options.members) instance.on('error', ignore);
  }

  override get model(): string {
    return this.#chain.current.instance.model;
  }

  override get provider(): string {
    return this.#chain.current.instance.provider;
  }

  override stream(options?: { connOptions?: APIConnectOptions }): tts.SynthesizeStream {
    return new PieceSynthesizeStream(this, this.#maker(), options?.connOptions);
  }

  override synthesize(
    text: string,
    connOptions?: APIConnectOptions,
    abortSignal?: AbortSignal,
  ): tts.ChunkedStream {
    const onFailure = (error: AdapterError): void => {
      this.#tellOutage(error);
    };
    return new PieceChunkedStream(this, this.#maker(), onFailure, text, connOptions, abortSignal);
  }

  /** Closes every provider. */
  override async close(): Promise<void> {
    await Promise.all(this.#options.members.map(({ instance }) => instance.close()));
  }

  #maker(): SpeechMaker {
    return {
      open: (text, signal) => this.#speak(text, signal),
      onTrouble: (error) => {
        emitTTSError(this, error, true);
      },
      onFailure: (error) => {
        this.#tellOutage(error);
      },
      maxRetries: MAX_RETRIES,
      deadlineMs: PIECE_DEADLINE_MS,
      context: { what: 'the chain of text-to-speech providers' },
      pieces: { language: this.#options.language },
    };
  }

  #tellOutage(error: AdapterError): void {
    emitTTSError(this, this.#chain.wentDown() ?? error, true);
  }

  /** One piece by the first provider that can; the next one goes on where it broke off. */
  async *#speak(text: string, signal: AbortSignal): AsyncGenerator<Int16Array, void, undefined> {
    let given = 0;
    const failures: AdapterError[] = [];
    for (const member of this.#chain.order()) {
      this.#chain.begin(member);
      let skip = given;
      try {
        for await (const samples of speakWith(member, text, this.sampleRate, signal)) {
          this.#chain.answered(member);
          const fresh = samples.subarray(Math.min(skip, samples.length));
          skip -= samples.length - fresh.length;
          if (fresh.length === 0) continue;
          given += fresh.length;
          yield fresh;
        }
        return;
      } catch (cause) {
        const error = toAPIError(cause, {
          what: `speech by ${member.name}`,
          secrets: member.secrets ?? [],
        });
        if (signal.aborted) throw error;
        this.#chain.failed(member, error);
        failures.push(error);
      }
    }
    throw createAdapterError({
      code: 'all-providers-failed',
      message: `no TTS provider speaks (${failures.map(({ message }) => message).join('; ')})`,
      cause: failures.at(-1),
      // What each of them refused would be refused again.
      retryable: failures.some(({ retryable }) => retryable),
    });
  }
}

/** EventEmitter throws on 'error' without a listener. */
const ignore = (): void => undefined;
