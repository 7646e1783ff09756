import { log } from '@livekit/agents';
import { createAdapterError, isAdapterError, type AdapterError } from '../adapter-error.js';
import type { AdapterErrorCode } from '../error-codes.js';
import { backoffMs, RECONNECT_BACKOFF } from '../transport/retry-policy.js';

/** One provider of a chain. */
export interface ChainMember<Instance> {
  /** Its id, for logs and reports. */
  readonly name: string;
  readonly instance: Instance;
  /** Masked in what its errors say: services echo keys. */
  readonly secrets?: readonly string[];
}

/** Another provider answers than before. */
export interface ProviderChange {
  readonly kind: 'stt' | 'llm' | 'tts';
  /** Who answers now; undefined: nobody does. */
  readonly provider: string | undefined;
  readonly previous?: string;
  /** Code of the error that ended the previous one, or `recovered`. */
  readonly reason?: string;
  /** Ms since 1970. */
  readonly at: number;
}

/** A provider that failed is left alone for this long, in ms: it is back in use within 30 s of healing. */
const COOL_DOWN_MS = 8000;
/** One that refuses us (a wrong key) will not change its mind soon, in ms. */
const REFUSED_COOL_DOWN_MS = 60_000;
/** One that failed again after it was taken back is used again at most once in this time, in ms. */
const FLAP_GUARD_MS = 60_000;

const REFUSALS: ReadonlySet<AdapterErrorCode> = new Set(['unauthorized', 'protocol-refused']);

interface Health {
  retryAt: number;
  failedAt: number | undefined;
  /** When it was last taken back after a failure. */
  returnedAt: number;
  error: AdapterError | undefined;
}

export interface ProviderChainOptions {
  readonly kind: ProviderChange['kind'];
  readonly onChange?: ((change: ProviderChange) => void) | undefined;
}

/**
 * Which of several providers, in order of preference, is used now. Failed ones rest, flapping ones
 * rest longer; when all have failed, the one that failed longest ago is next.
 */
export class ProviderChain<Instance> {
  readonly #health: Map<ChainMember<Instance>, Health>;
  #answering: ChainMember<Instance> | undefined;
  #lastError: AdapterError | undefined;
  #isDown = false;
  #attemptsWhenDown = 0;

  /** @throws {TypeError} without any member */
  constructor(
    readonly members: readonly [ChainMember<Instance>, ...ChainMember<Instance>[]],
    private readonly options: ProviderChainOptions,
  ) {
    this.#health = new Map(members.map((member) => [member, freshHealth()]));
  }

  /** Who answered last, or who is asked first. */
  get current(): ChainMember<Instance> {
    return this.#answering ?? this.members[0];
  }

  /** Every provider has failed and none has answered since. */
  get allFailed(): boolean {
    return this.members.every((member) => this.#of(member).failedAt !== undefined);
  }

  /** Whom to use next, and how long to wait before, in ms: nothing unless all have failed. */
  next(): { member: ChainMember<Instance>; waitMs: number } {
    const now = performance.now();
    const ready = this.members.find((member) => this.isReady(member, now));
    if (ready !== undefined && !this.allFailed) {
      const health = this.#of(ready);
      if (health.failedAt !== undefined) health.returnedAt = now;
      return { member: ready, waitMs: 0 };
    }
    // Nobody is left to rest for: whoever may still change its mind is tried in turn.
    const inTurn = [...this.members].sort((a, b) => this.#turn(a) - this.#turn(b));
    const member = inTurn[0] ?? this.members[0];
    if (this.#of(member).failedAt === undefined) return { member, waitMs: 0 };
    const round = Math.ceil(++this.#attemptsWhenDown / this.members.length);
    const waitMs = REFUSALS.has(this.#of(member).error?.code ?? 'internal')
      ? Math.max(0, this.#of(member).retryAt - now)
      : backoffMs(RECONNECT_BACKOFF, round);
    return { member, waitMs };
  }

  /** Everybody, those that may be used first, in order of preference: for requests of their own. */
  order(): ChainMember<Instance>[] {
    const now = performance.now();
    const ready = this.members.filter((member) => this.isReady(member, now));
    const resting = this.members.filter((member) => !ready.includes(member));
    return [...ready, ...resting.sort((a, b) => this.#turn(a) - this.#turn(b))];
  }

  /** A request to `member` begins: if it failed before, this is its return. */
  begin(member: ChainMember<Instance>): void {
    if (this.#of(member).failedAt !== undefined && this.isReady(member)) this.returned(member);
  }

  /** Those preferred to `member` whose rest is over. */
  readyBefore(member: ChainMember<Instance>): ChainMember<Instance>[] {
    const now = performance.now();
    return this.members
      .slice(0, this.members.indexOf(member))
      .filter((other) => this.isReady(other, now));
  }

  /** Whether a provider may be used: it did not fail, or its rest is over. */
  isReady(member: ChainMember<Instance>, now = performance.now()): boolean {
    return this.#of(member).retryAt <= now;
  }

  /** `member` answered. */
  answered(member: ChainMember<Instance>): void {
    this.healed(member);
    this.#attemptsWhenDown = 0;
    if (this.#answering === member && !this.#isDown) return;
    const previous = this.#answering?.name;
    const better =
      this.#answering !== undefined &&
      this.members.indexOf(member) < this.members.indexOf(this.#answering);
    const reason = better || this.#isDown ? 'recovered' : this.#lastError?.code;
    this.#answering = member;
    this.#isDown = false;
    this.#report({
      kind: this.options.kind,
      provider: member.name,
      ...(previous === undefined ? {} : { previous }),
      ...(reason === undefined ? {} : { reason }),
      at: Date.now(),
    });
  }

  /** `member` works again, as a probe found. */
  healed(member: ChainMember<Instance>): void {
    const health = this.#of(member);
    health.failedAt = undefined;
    health.error = undefined;
    health.retryAt = 0;
  }

  /** `member` is taken back into use by a probe. */
  returned(member: ChainMember<Instance>): void {
    this.#of(member).returnedAt = performance.now();
  }

  failed(member: ChainMember<Instance>, error: AdapterError): void {
    const now = performance.now();
    const health = this.#of(member);
    const rest = REFUSALS.has(error.code) ? REFUSED_COOL_DOWN_MS : COOL_DOWN_MS;
    health.failedAt = now;
    health.error = error;
    health.retryAt = Math.max(now + rest, health.returnedAt + FLAP_GUARD_MS);
    this.#lastError = error;
    log().warn(
      { kind: this.options.kind, provider: member.name, code: error.code, error },
      'a provider failed',
    );
  }

  /** Nobody answers. Reported once until somebody does; the error to tell. */
  wentDown(): AdapterError | undefined {
    if (this.#isDown) return undefined;
    this.#isDown = true;
    const { kind } = this.options;
    const code = this.#lastError?.code;
    this.#report({
      kind,
      provider: undefined,
      ...(this.#answering === undefined ? {} : { previous: this.#answering.name }),
      ...(code === undefined ? {} : { reason: code }),
      at: Date.now(),
    });
    const names = this.members.map(({ name }) => name).join(', ');
    return createAdapterError({
      code: 'all-providers-failed',
      message: `no ${kind.toUpperCase()} provider answers (tried ${names}; last: ${this.#lastError?.message ?? 'nothing'})`,
      cause: this.#lastError,
    });
  }

  /** Order in which providers that all failed are tried: refusals last, then the longest ago first. */
  #turn(member: ChainMember<Instance>): number {
    const { failedAt, error, retryAt } = this.#of(member);
    if (failedAt === undefined) return -1;
    return error !== undefined && REFUSALS.has(error.code)
      ? Number.MAX_VALUE / 2 + retryAt
      : failedAt;
  }

  #of(member: ChainMember<Instance>): Health {
    let health = this.#health.get(member);
    if (health === undefined) this.#health.set(member, (health = freshHealth()));
    return health;
  }

  #report(change: ProviderChange): void {
    log().info(change, 'the provider that answers has changed');
    this.options.onChange?.(change);
  }
}

const freshHealth = (): Health => ({
  retryAt: 0,
  failedAt: undefined,
  returnedAt: -Infinity,
  error: undefined,
});

/** An error that says that a chain ran out of providers: the call should tell the caller. */
export const isAllProvidersFailed = (error: unknown): boolean =>
  isAdapterError(error) && error.code === 'all-providers-failed';
