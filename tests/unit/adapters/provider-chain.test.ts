import '../../support/framework-logger.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAdapterError } from '../../../adapters/adapter-error.js';
import { ProviderChain, type ProviderChange } from '../../../adapters/fallback/provider-chain.js';

const failure = createAdapterError({ code: 'connection-lost', message: 'gone' });
const refusal = createAdapterError({ code: 'unauthorized', message: 'no' });
const a = { name: 'a', instance: 1 };
const b = { name: 'b', instance: 2 };
const changes: ProviderChange[] = [];
const chainOf = () =>
  new ProviderChain([a, b], { kind: 'llm', onChange: (change) => changes.push(change) });

beforeEach(() => {
  changes.length = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a chain', () => {
  it('prefers the first, rests one that failed, and takes it back', () => {
    const chain = chainOf();
    expect(chain.next()).toEqual({ member: a, waitMs: 0 });
    chain.failed(a, failure);
    expect(chain.next().member).toBe(b);
    vi.advanceTimersByTime(7000);
    expect(chain.next().member).toBe(b);
    vi.advanceTimersByTime(2000);
    expect(chain.next().member).toBe(a);
  });

  it('uses one that fails again after its return at most once a minute', () => {
    const chain = chainOf();
    chain.failed(a, failure);
    vi.advanceTimersByTime(9000);
    expect(chain.next().member).toBe(a);
    chain.failed(a, failure);
    vi.advanceTimersByTime(59_000);
    expect(chain.next().member).toBe(b);
    vi.advanceTimersByTime(2000);
    expect(chain.next().member).toBe(a);
  });

  it('tries all in turn when all have failed, with pauses of 0.25 to 5 s', () => {
    const chain = chainOf();
    chain.failed(a, failure);
    vi.advanceTimersByTime(10);
    chain.failed(b, failure);
    const tried = Array.from({ length: 20 }, () => {
      const { member, waitMs } = chain.next();
      vi.advanceTimersByTime(10);
      chain.failed(member, failure);
      return { name: member.name, waitMs };
    });
    expect(tried.map(({ name }) => name).join('')).toBe('ab'.repeat(10));
    expect(Math.min(...tried.map(({ waitMs }) => waitMs))).toBeGreaterThanOrEqual(250);
    expect(Math.max(...tried.map(({ waitMs }) => waitMs))).toBeLessThanOrEqual(5000);
    expect(tried.at(-1)?.waitMs).toBeGreaterThan(3000);
  });

  it('does not ask again for a minute who refused the key', () => {
    const chain = new ProviderChain([a], { kind: 'stt' });
    chain.failed(a, refusal);
    expect(chain.next().waitMs).toBe(60_000);
  });

  it('reports who answers, once each, and an outage once', () => {
    const chain = chainOf();
    chain.answered(a);
    chain.answered(a);
    chain.failed(a, failure);
    chain.answered(b);
    chain.failed(b, failure);
    expect(chain.wentDown()?.code).toBe('all-providers-failed');
    expect(chain.wentDown()).toBeUndefined();
    chain.answered(a);
    expect(changes.map(({ provider, reason }) => [provider, reason])).toEqual([
      ['a', undefined],
      ['b', 'connection-lost'],
      [undefined, 'connection-lost'],
      ['a', 'recovered'],
    ]);
  });
});
