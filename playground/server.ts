import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import fastify, { LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { guardRequests } from './guard-requests.js';
import { healthRoute } from './health-route.js';
import { listOffers } from './offers.js';
import { PlaygroundError } from './playground-error.js';
import type { PlaygroundOptions } from './playground-options.js';
import { tokenRoute } from './token-route.js';

/** A client that sends its request more slowly than this is cut off. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Closing does not wait for browsers that keep an idle connection open. */
const KEEP_ALIVE_MS = 5_000;

/** What fastify itself refuses, in a sentence. */
const SENTENCES: Readonly<Record<number, string>> = {
  413: 'The request is too large.',
  415: 'The request must be JSON, with Content-Type: application/json.',
};

const publicFolder = fileURLToPath(new URL('public/', import.meta.url));
const clientFolder = dirname(createRequire(import.meta.url).resolve('livekit-client'));
/** The one file of livekit-client that the page imports. */
const CLIENT_FILE = 'livekit-client.esm.mjs';

/** The page's server, not listening yet: tests use `inject`. */
export async function buildPlayground(
  options: PlaygroundOptions,
  logger: FastifyServerOptions['logger'] = false,
): Promise<FastifyInstance> {
  const app = fastify({
    logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
  });
  // A form of another web site can send text/plain without asking first; only JSON is read.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler<Error & { statusCode?: number; code?: string }>(
    async (error, request, reply) => {
      const status = error.statusCode ?? 500;
      if (status >= 500) request.log.error(error, 'request failed');
      const message =
        status >= 500
          ? 'The page’s server failed; its log says more.'
          : (SENTENCES[status] ?? error.message);
      await reply.code(status).send({ error: { code: error.code ?? 'internal', message } });
    },
  );
  app.setNotFoundHandler(() => {
    throw new PlaygroundError(404, 'not_found', 'There is nothing here. The page is at /.');
  });

  guardRequests(app, options);
  healthRoute(app, options.parts);
  tokenRoute(app, options);
  app.get('/offers', async (_request, reply) => {
    void reply.header('Cache-Control', 'no-store');
    return options.offers === undefined
      ? { modes: [], stt: [], llm: [], tts: [] }
      : listOffers(options.offers);
  });
  await app.register(fastifyStatic, { root: publicFolder });
  await app.register(fastifyStatic, {
    root: clientFolder,
    prefix: '/vendor/',
    decorateReply: false,
    index: false,
    allowedPath: (path) => path === `/${CLIENT_FILE}`,
  });
  return app;
}
