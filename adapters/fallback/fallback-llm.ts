import { llm } from '@livekit/agents';
import { ProviderChain, type ChainMember, type ProviderChange } from './provider-chain.js';
import { FallbackLLMStream, type ChatOptions } from './fallback-llm-stream.js';

export interface FallbackLLMOptions {
  /** In order of preference. */
  readonly members: readonly [ChainMember<llm.LLM>, ...ChainMember<llm.LLM>[]];
  /** Told when another provider answers than before. */
  readonly onChange?: ((change: ProviderChange) => void) | undefined;
}

/**
 * Several language models as one that does not fail: a request that fails, or has no first word in
 * time, goes to the next one; a reply that breaks off is continued by it. When none answers, an `error`
 * event with the code `all-providers-failed` comes out once; it is recoverable, so the call stays up.
 */
export class FallbackLLM extends llm.LLM {
  readonly #members: FallbackLLMOptions['members'];
  readonly #chain: ProviderChain<llm.LLM>;

  constructor({ members, onChange }: FallbackLLMOptions) {
    super();
    this.#members = members;
    this.#chain = new ProviderChain(members, { kind: 'llm', onChange });
    for (const { instance } of members) instance.on('error', ignore);
  }

  override label(): string {
    return 'earshot.FallbackLLM';
  }

  override get model(): string {
    return this.#chain.current.instance.model;
  }

  override get provider(): string {
    return this.#chain.current.instance.provider;
  }

  override chat(options: ChatOptions): llm.LLMStream {
    return new FallbackLLMStream(this, this.#chain, options);
  }

  /** Opens the connection to the preferred provider ahead of the first request. */
  override prewarm(): void {
    this.#members[0].instance.prewarm();
  }

  /** Closes every provider. */
  override async aclose(): Promise<void> {
    await super.aclose();
    await Promise.all(this.#members.map(({ instance }) => instance.aclose()));
  }
}

/** EventEmitter throws on 'error' without a listener. */
const ignore = (): void => undefined;
