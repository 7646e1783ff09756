import type { FastifyInstance } from 'fastify';
import { browserLivekitUrl } from './browser-livekit-url.js';
import { mintToken } from './mint-token.js';
import { checkChoice } from './offers.js';
import { PlaygroundError } from './playground-error.js';
import type { PlaygroundOptions } from './playground-options.js';
import { TokenBucket } from './token-bucket.js';
import { readTokenRequest } from './token-request.js';

/** Two names of 64 characters and five of 200 fit. */
const BODY_LIMIT_BYTES = 4_096;
/** A person who presses "Call" again and again stays below; a page that opens rooms in a loop does not. */
const RATE = { burst: 20, perMinute: 60 };

/** `POST /token` `{room?, identity?, choice?}` → `{url, token, room, identity}` */
export function tokenRoute(app: FastifyInstance, options: PlaygroundOptions): void {
  const bucket = new TokenBucket(RATE);
  app.post('/token', { bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
    if (!options.livekit.isLocal) {
      throw new PlaygroundError(
        403,
        'not_local',
        'This page gives out tokens for the livekit-server on this machine only, and LIVEKIT_URL is set to ' +
          'another one. Unset LIVEKIT_URL to talk here, or join with a token from your own server.',
      );
    }
    const asked = readTokenRequest(request.body);
    checkChoice(asked.choice ?? {}, options.offers);
    const waitMs = bucket.take();
    if (waitMs > 0) {
      const waitS = Math.ceil(waitMs / 1000);
      void reply.header('Retry-After', waitS);
      throw new PlaygroundError(
        429,
        'too_many',
        `Too many calls were started. Try again in ${waitS} s.`,
      );
    }
    const minted = await mintToken(options, asked);
    void reply.header('Cache-Control', 'no-store');
    return { url: browserLivekitUrl(options.livekit.url, request.pageHost), ...minted };
  });
}
