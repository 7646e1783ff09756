import { randomUUID } from 'node:crypto';
import { DEFAULT_API_CONNECT_OPTIONS, llm } from '@livekit/agents';
import { LRUCache } from 'lru-cache';
import { recordReply } from './record-reply.js';
import { requestKey, type ChatRequest } from './request-key.js';

export interface LLMCacheLimits {
  /** Replies kept at most. Default 500: a call has dozens of turns. */
  readonly maxEntries: number;
  /** Text kept at most, in characters. Default 2,000,000: some MB of memory. */
  readonly maxCharacters: number;
  /** A reply older than this is asked for anew, in ms. Default one hour: answers go out of date. */
  readonly maxAgeMs: number;
}

const DEFAULT_LIMITS: LLMCacheLimits = {
  maxEntries: 500,
  maxCharacters: 2_000_000,
  maxAgeMs: 3_600_000,
};

/**
 * An LLM that answers a request it has answered before from memory: for evaluations, demonstrations
 * and fixed questions. The cache is bounded, keyed by the whole request, and holds complete text
 * replies only: nothing that failed, was interrupted, or calls a tool.
 */
export class CachedLLM extends llm.LLM {
  readonly #inner: llm.LLM;
  readonly #replies: LRUCache<string, readonly string[]>;
  #hits = 0;
  #failures = 0;

  /** @param inner - asked when there is no answer yet; closed with this one */
  constructor(inner: llm.LLM, limits: Partial<LLMCacheLimits> = {}) {
    super();
    const { maxEntries, maxCharacters, maxAgeMs } = { ...DEFAULT_LIMITS, ...limits };
    this.#inner = inner;
    this.#replies = new LRUCache({
      max: maxEntries,
      maxSize: maxCharacters,
      ttl: maxAgeMs,
      sizeCalculation: (reply) => reply.reduce((sum, part) => sum + part.length, 1),
    });
    inner.on('metrics_collected', (metrics) => {
      this.emit('metrics_collected', metrics);
    });
    inner.on('error', (error) => {
      this.#failures += 1;
      if (this.listenerCount('error') > 0) this.emit('error', error);
    });
  }

  /** Requests answered from memory. */
  get hits(): number {
    return this.#hits;
  }

  override label(): string {
    return this.#inner.label();
  }

  override get model(): string {
    return this.#inner.model;
  }

  override get provider(): string {
    return this.#inner.provider;
  }

  override prewarm(): void {
    this.#inner.prewarm();
  }

  override chat(request: ChatRequest): llm.LLMStream {
    const key = requestKey(`${this.provider}/${this.model}`, request);
    const known = key === undefined ? undefined : this.#replies.get(key);
    if (known !== undefined) {
      this.#hits += 1;
      return new RememberedReply(this, request, known);
    }
    const stream = this.#inner.chat(request);
    if (key === undefined) return stream;
    return recordReply(
      stream,
      () => this.#failures,
      (reply) => {
        this.#replies.set(key, reply);
      },
    );
  }

  override async aclose(): Promise<void> {
    this.#replies.clear();
    await this.#inner.aclose();
    await super.aclose();
  }
}

/** A reply from memory, in the same pieces as it first came. */
class RememberedReply extends llm.LLMStream {
  readonly #reply: readonly string[];

  constructor(owner: llm.LLM, request: ChatRequest, reply: readonly string[]) {
    const { chatCtx, toolCtx, connOptions = DEFAULT_API_CONNECT_OPTIONS } = request;
    super(owner, { chatCtx, ...(toolCtx === undefined ? {} : { toolCtx }), connOptions });
    this.#reply = reply;
  }

  protected override run(): Promise<void> {
    const id = `cached-${randomUUID()}`;
    for (const content of this.#reply) {
      this.queue.put({ id, delta: { role: 'assistant', content } });
    }
    return Promise.resolve();
  }
}
