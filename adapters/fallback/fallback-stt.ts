import {
  inference,
  stt,
  type APIConnectOptions,
  type AudioBuffer,
  type VAD,
} from '@livekit/agents';
import type { AdapterError } from '../adapter-error.js';
import { emitRecoverableSTTError } from '../emit-recoverable-error.js';
import type { ReplayBufferLimits } from '../resilience/replay-buffer.js';
import { CustomHTTPSTTAdapter } from '../stt/custom-http-stt-adapter.js';
import { CustomWebSocketSTTAdapter } from '../stt/custom-websocket-stt-adapter.js';
import { toAPIError } from '../to-api-error.js';
import { FallbackSpeechStream } from './fallback-speech-stream.js';
import { ProviderChain, type ChainMember, type ProviderChange } from './provider-chain.js';

export interface FallbackSTTOptions {
  /** In order of preference. Each must stream. */
  readonly members: readonly [ChainMember<stt.STT>, ...ChainMember<stt.STT>[]];
  /** Told when another provider answers than before. */
  readonly onChange?: ((change: ProviderChange) => void) | undefined;
  /** Audio kept for the next provider. Default 60 s and 4 MiB. */
  readonly replay?: Partial<ReplayBufferLimits> | undefined;
  /** Finds speech that goes unanswered. Default: the framework's detector, on this machine. */
  readonly vad?: VAD | undefined;
}

/**
 * Several speech-to-text providers as one that does not fail.
 *
 * Audio that no final covers goes to the next provider when one fails, ends, or takes speech and
 * says nothing for 3 s. The failed one is probed with recorded speech and used again once it understands
 * it; one that keeps failing is used again at most once a minute. When none answers, an `error`
 * event with the code `all-providers-failed` and an empty transcript come out once, the audio is
 * kept, and all are tried until one answers. Every `error` event is recoverable: none of them
 * closes an `AgentSession`.
 */
export class FallbackSTT extends stt.STT {
  override label = 'earshot.FallbackSTT';
  readonly #options: FallbackSTTOptions;
  readonly #chain: ProviderChain<stt.STT>;
  readonly #streams = new Set<WeakRef<stt.SpeechStream>>();
  #vad: VAD | undefined;

  /** @throws {TypeError} if a member does not stream */
  constructor(options: FallbackSTTOptions) {
    const members = options.members.map(({ instance }) => instance.capabilities);
    super({
      streaming: true,
      interimResults: members.some(({ interimResults }) => interimResults),
      alignedTranscript: members.every(({ alignedTranscript }) => alignedTranscript === 'word')
        ? 'word'
        : false,
    });
    for (const { name, instance } of options.members) {
      if (instance.capabilities.streaming) continue;
      throw new TypeError(`the STT provider ${name} does not stream: use CustomHTTPSTTAdapter`);
    }
    this.#options = options;
    this.#vad = options.vad;
    this.#chain = new ProviderChain(options.members, { kind: 'stt', onChange: options.onChange });
    for (const { instance } of options.members) instance.on('error', ignore);
  }

  override get model(): string {
    return this.#chain.current.instance.model;
  }

  override get provider(): string {
    return this.#chain.current.instance.provider;
  }

  override stream(options?: { connOptions?: APIConnectOptions }): stt.SpeechStream {
    const stream = new FallbackSpeechStream(
      {
        owner: this,
        chain: this.#chain,
        vad: () => (this.#vad ??= new inference.VAD()),
        pacesItself: (instance) =>
          instance instanceof CustomWebSocketSTTAdapter || instance instanceof CustomHTTPSTTAdapter,
        replay: this.#options.replay,
        onTrouble: (error) => {
          emitRecoverableSTTError(this, error);
        },
      },
      options?.connOptions,
    );
    for (const reference of this.#streams) {
      if (reference.deref() === undefined) this.#streams.delete(reference);
    }
    this.#streams.add(new WeakRef(stream));
    return stream;
  }

  /**
   * Recognises a recording with the first provider that can.
   *
   * @throws {AdapterError} the last provider's error, when all failed
   */
  protected override async _recognize(
    buffer: AudioBuffer,
    abortSignal?: AbortSignal,
  ): Promise<stt.SpeechEvent> {
    let last: AdapterError | undefined;
    for (const member of this.#chain.members) {
      try {
        const event = await member.instance.recognize(buffer, abortSignal);
        this.#chain.answered(member);
        return event;
      } catch (error) {
        last = toAPIError(error, {
          what: `recognition by ${member.name}`,
          secrets: member.secrets ?? [],
        });
        if (abortSignal?.aborted === true) throw last;
        this.#chain.failed(member, last);
      }
    }
    throw last ?? new TypeError('a chain has at least one member');
  }

  /** Closes the streams that are still open, and every provider. */
  override async close(): Promise<void> {
    for (const reference of this.#streams) reference.deref()?.close();
    this.#streams.clear();
    await Promise.all(this.#options.members.map(({ instance }) => instance.close()));
  }
}

/** EventEmitter throws on 'error' without a listener; whoever runs a stream listens by itself. */
const ignore = (): void => undefined;
