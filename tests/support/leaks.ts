import { expect } from 'vitest';

const counted = ['Timeout', 'TCPSocketWrap', 'TLSWrap', 'GetAddrInfoReqWrap', 'TCPConnectWrap'];

const count = (): Record<string, number> => {
  const all = process.getActiveResourcesInfo();
  return Object.fromEntries(counted.map((kind) => [kind, all.filter((k) => k === kind).length]));
};

/**
 * Notes which sockets and timers exist. The returned function fails unless there are no more of
 * them than that soon afterwards.
 */
export const watchForLeaks = (): (() => Promise<void>) => {
  const before = count();
  return async () => {
    await expect
      .poll(() => Object.entries(count()).filter(([kind, n]) => n > (before[kind] ?? 0)), {
        timeout: 3000,
        interval: 20,
      })
      // The poll itself runs on one timer.
      .toSatisfy((more: [string, number][]) =>
        more.every(([kind, n]) => kind === 'Timeout' && n <= (before.Timeout ?? 0) + 2),
      );
  };
};
