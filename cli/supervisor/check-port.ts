import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { findPortHolder } from './find-port-holder.js';

/** A port that a part is going to listen on. */
export interface PortClaim {
  readonly protocol: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  /** What a person does to use another port, as the end of a sentence: "set PLAYGROUND_PORT to another one". */
  readonly remedy: string;
}

/**
 * Tries to listen where a part is going to.
 * @returns a sentence that says what is wrong and what to change, or undefined when the port is free.
 */
export async function checkPort(part: string, claim: PortClaim): Promise<string | undefined> {
  try {
    await (claim.protocol === 'tcp' ? tryTcp(claim) : tryUdp(claim));
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const where = `${claim.protocol === 'udp' ? 'UDP ' : ''}port ${claim.port} on ${claim.host}`;
    switch (code) {
      case 'EADDRINUSE': {
        const holder = await findPortHolder(claim.port, claim.protocol);
        const by = holder ? ` by ${holder}` : '';
        return `${part}: ${where} is in use${by}. Stop that program, or ${claim.remedy}.`;
      }
      case 'EACCES':
        return `${part}: this user may not listen on ${where}. Ports below 1024 need rights: ${claim.remedy}.`;
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return `${part}: ${claim.host} is not an address of this machine (${code}). Use 127.0.0.1 for this machine only.`;
      default:
        return `${part}: cannot listen on ${where}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

async function tryTcp({ host, port }: PortClaim): Promise<void> {
  const server = createServer();
  server.listen({ host, port, exclusive: true });
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

async function tryUdp({ host, port }: PortClaim): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.bind({ address: host, port, exclusive: true });
    await once(socket, 'listening');
  } finally {
    socket.close();
  }
}
