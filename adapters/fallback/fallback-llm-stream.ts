import { DEFAULT_API_CONNECT_OPTIONS, llm } from '@livekit/agents';
import { createAdapterError, type AdapterError } from '../adapter-error.js';
import { toAPIError } from '../to-api-error.js';
import type { ChainMember, ProviderChain } from './provider-chain.js';

export type ChatOptions = Parameters<llm.LLM['chat']>[0];

/** With another model to go to, the next word is waited for this long, in ms. */
const NEXT_WORD_MS = 8000;
/** Given to the model that continues what another one began. */
const CONTINUE =
  'Your last message broke off. Continue it from exactly where it stops; repeat nothing of it.';

/** One reply by the first model that gives it. Ends without an error, and empty, when none does. */
export class FallbackLLMStream extends llm.LLMStream {
  readonly #owner: llm.LLM;
  readonly #chain: ProviderChain<llm.LLM>;
  readonly #options: ChatOptions;
  #said = '';
  #calledTools = false;

  constructor(owner: llm.LLM, chain: ProviderChain<llm.LLM>, options: ChatOptions) {
    const { chatCtx, toolCtx, connOptions = DEFAULT_API_CONNECT_OPTIONS } = options;
    super(owner, { chatCtx, ...(toolCtx === undefined ? {} : { toolCtx }), connOptions });
    this.#owner = owner;
    this.#chain = chain;
    this.#options = options;
  }

  protected override async run(): Promise<void> {
    let last: AdapterError | undefined;
    for (const member of this.#chain.order()) {
      this.#chain.begin(member);
      last = await this.#ask(member);
      if (last === undefined || this.abortController.signal.aborted) return;
      this.#chain.failed(member, last);
      // What a tool call did cannot be taken back, and the reply to it is another request.
      if (this.#calledTools) return;
    }
    const outage = this.#chain.wentDown() ?? last;
    if (outage === undefined || this.#owner.listenerCount('error') === 0) return;
    this.#owner.emit('error', {
      type: 'llm_error',
      timestamp: Date.now(),
      label: this.#owner.label(),
      error: outage,
      recoverable: true,
    });
  }

  /** @returns undefined when the reply is complete, else why it is not */
  async #ask(member: ChainMember<llm.LLM>): Promise<AdapterError | undefined> {
    const { instance, name, secrets = [] } = member;
    const context = { what: `the language model ${name}`, secrets };
    const alone = this.#chain.members.length === 1;
    const limitMs = alone ? undefined : NEXT_WORD_MS;
    let failure: AdapterError | undefined;
    const onError = ({ error, recoverable }: { error: Error; recoverable: boolean }): void => {
      if (!recoverable) failure ??= toAPIError(error, context);
    };
    instance.on('error', onError);
    const stream = instance.chat({
      ...this.#options,
      chatCtx: this.#context(),
      connOptions: { ...this.connOptions, ...(alone ? {} : { maxRetry: 0 }) },
    });
    const onAbort = (): void => {
      stream.close();
    };
    this.abortController.signal.addEventListener('abort', onAbort, { once: true });
    let isComplete = false;
    try {
      for (;;) {
        const next = await within(stream.next(), limitMs);
        if (next === 'late') {
          const message = `${context.what} was silent for ${NEXT_WORD_MS} ms`;
          return createAdapterError({ code: 'stalled', message });
        }
        if (next.done === true) break;
        const chunk = next.value;
        // The usage comes last: after it nothing is missing.
        isComplete ||= chunk.usage !== undefined;
        if ((chunk.delta?.content ?? '') !== '' || (chunk.delta?.toolCalls?.length ?? 0) > 0) {
          this.#chain.answered(member);
        }
        this.#said += chunk.delta?.content ?? '';
        this.#calledTools ||= (chunk.delta?.toolCalls?.length ?? 0) > 0;
        if (!this.queue.closed) this.queue.put(chunk);
      }
      // Another request to the same model may have failed meanwhile: a complete reply is one.
      return isComplete ? undefined : failure;
    } catch (error) {
      return toAPIError(error, context);
    } finally {
      this.abortController.signal.removeEventListener('abort', onAbort);
      instance.off('error', onError);
      stream.close();
    }
  }

  #context(): llm.ChatContext {
    if (this.#said === '') return this.#options.chatCtx;
    const context = this.#options.chatCtx.copy();
    context.addMessage({ role: 'assistant', content: this.#said });
    context.addMessage({ role: 'system', content: CONTINUE });
    return context;
  }
}

/** The value, or `late` if it takes longer. */
const within = async <T>(promise: Promise<T>, ms: number | undefined): Promise<T | 'late'> => {
  if (ms === undefined) return promise;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => {
      resolve('late');
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};
