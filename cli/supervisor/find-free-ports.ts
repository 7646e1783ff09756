import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports that nobody uses at the moment, for variables that say 0. All are held until the last is found,
 * because the system may give out a port again as soon as it is free.
 */
export async function findFreePorts(host: string, count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    const ports: number[] = [];
    for (const server of servers) {
      server.listen(0, host);
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no port was given');
      ports.push(address.port);
    }
    return ports;
  } finally {
    for (const server of servers) {
      if (!server.listening) continue;
      server.close();
      await once(server, 'close');
    }
  }
}
