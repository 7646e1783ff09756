import type { FastifyInstance } from 'fastify';
import { browserLivekitUrl } from './browser-livekit-url.js';
import { PlaygroundError } from './playground-error.js';
import type { PlaygroundOptions } from './playground-options.js';
import { requestHost } from './request-host.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Host name by which the page was opened; checked. */
    pageHost: string;
  }
}

/** Refuses requests that come from other web sites, and tells the browser what the page may do. */
export function guardRequests(app: FastifyInstance, options: PlaygroundOptions): void {
  app.decorateRequest('pageHost', '');
  app.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    const pageHost = requestHost(host, options.allowedHosts ?? []);
    void reply.headers(securityHeaders(pageHost, options.livekit.url));
    if (pageHost === undefined) {
      throw new PlaygroundError(
        403,
        'wrong_host',
        'Open this page by its address in figures or as localhost; other names are refused, ' +
          'so that no web site can reach it through your browser.',
      );
    }
    const isElsewhere =
      origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
    const site = request.headers['sec-fetch-site'];
    const isCrossSite = request.method !== 'GET' && (site === 'cross-site' || site === 'same-site');
    if (isElsewhere || isCrossSite) {
      throw new PlaygroundError(403, 'wrong_origin', 'Requests from other web sites are refused.');
    }
    request.pageHost = pageHost;
  });
}

function securityHeaders(pageHost: string | undefined, livekitUrl: string): Record<string, string> {
  const server = pageHost === undefined ? '' : browserLivekitUrl(livekitUrl, pageHost);
  // livekit-client asks the same server over HTTP why a connection was refused.
  const connect = ["'self'", server, server.replace(/^ws/, 'http')].filter(Boolean).join(' ');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src 'self' blob:",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Permissions-Policy': 'microphone=(self), camera=(), geolocation=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}
