import { isIP } from 'node:net';

/**
 * The host by which the page was opened, if it may be.
 *
 * DNS rebinding is a web site that lets its own name point to 127.0.0.1 and so reads what runs there with the
 * visitor's browser. It needs a name: addresses in figures and localhost cannot be rebound.
 * @param header the request's Host
 * @returns the host name without port; undefined when it is not one of ours.
 */
export function requestHost(
  header: string | undefined,
  allowedHosts: readonly string[],
): string | undefined {
  if (header === undefined || !/^[\w.\-:[\]]+$/.test(header)) return undefined;
  if (!URL.canParse(`http://${header}`)) return undefined;
  const { hostname } = new URL(`http://${header}`);
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
  const isOurs = isAddress || hostname === 'localhost' || allowedHosts.includes(hostname);
  return isOurs ? hostname : undefined;
}

/** Whether a host name means this machine for whoever uses it. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
