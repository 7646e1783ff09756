import { expect } from 'vitest';

const COUNTED = ['TCPSocketWrap', 'TLSWrap', 'TCPConnectWrap', 'GetAddrInfoReqWrap'];
/** A close handshake may take 2 s. */
const SETTLE_MS = 5000;

const count = (): number =>
  process.getActiveResourcesInfo().filter((kind) => COUNTED.includes(kind)).length;

/**
 * Notes which sockets are open; the returned function fails unless there are no more of them soon.
 * Sockets of a server in the same process count too, so that server has to let go as well.
 */
export const watchSockets = (): (() => Promise<void>) => {
  const before = count();
  return async () => {
    await expect
      .poll(count, { timeout: SETTLE_MS, message: 'sockets are left open' })
      .toBeLessThanOrEqual(before);
  };
};
