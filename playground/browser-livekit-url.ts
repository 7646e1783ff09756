import { isLoopback } from './request-host.js';

/**
 * Where the browser finds the livekit-server. One that this machine calls 127.0.0.1 is, for a page opened from
 * another machine, on the host the page came from.
 */
export function browserLivekitUrl(livekitUrl: string, pageHost: string): string {
  const url = new URL(livekitUrl);
  if (isLoopback(url.hostname) && !isLoopback(pageHost)) url.hostname = pageHost;
  return url.href.replace(/\/$/, '');
}
