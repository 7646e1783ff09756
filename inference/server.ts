import multipart from '@fastify/multipart';
import websocket from '@fastify/websocket';
import fastify, { LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { STREAM_MAX_FRAME_BYTES } from '../protocol/stream-messages.js';
import type { RouteContext } from './endpoint-engines.js';
import { ApiError } from './http/api-error.js';
import { createKeyCheck } from './http/authenticate.js';
import { errorBody, handleError } from './http/error-handler.js';
import { useStrictJson } from './http/parse-json.js';
import { registerChatCompletions } from './routes/chat-completions.js';
import { registerHealth } from './routes/healthz.js';
import { registerLoadModel } from './routes/load-model.js';
import { registerModels } from './routes/models.js';
import { registerSpeech } from './routes/speech.js';
import { registerStream } from './routes/stream.js';
import { registerTranscriptions } from './routes/transcriptions.js';
import { registerVoices } from './routes/voices.js';
import {
  MAX_JSON_BYTES,
  MAX_STREAMS,
  MAX_UPLOAD_BYTES,
  REQUEST_TIMEOUT_MS,
} from './server-limits.js';

/** Every route of the endpoint; a new protocol is a file and a line here. */
const ROUTES = [
  registerModels,
  registerVoices,
  registerTranscriptions,
  registerSpeech,
  registerChatCompletions,
  registerStream,
  registerLoadModel,
] as const;

/** Settings of {@link buildServer}. */
export interface ServerOptions {
  readonly engines: RouteContext['engines'];
  readonly models: RouteContext['models'];
  /** Without it everybody may use the endpoint: on loopback only. */
  readonly apiKey?: string | undefined;
  readonly logger?: FastifyServerOptions['logger'];
  readonly maxStreams?: number;
  readonly loading?: () => readonly string[];
}

/** Builds the endpoint's HTTP and WebSocket server. It neither listens nor loads anything. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: options.logger ?? false,
    bodyLimit: MAX_JSON_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A health check every second must not fill the log.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  });
  useStrictJson(app);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((request, reply) => {
    const error = new ApiError(
      404,
      `There is no ${request.method} ${request.url.split('?')[0] ?? ''} here.`,
      {
        type: 'invalid_request_error',
        code: 'unknown_url',
      },
    );
    return reply.code(404).send(errorBody(error));
  });
  await app.register(multipart, {
    limits: { fileSize: MAX_UPLOAD_BYTES, files: 1, fields: 20, fieldSize: 16 * 1024, parts: 21 },
    throwFileSizeLimit: false, // readUpload says it in its own words
  });
  await app.register(websocket, {
    // Larger frames are cut off by ws itself; those just above the protocol's limit are told why.
    options: { maxPayload: 4 * STREAM_MAX_FRAME_BYTES, perMessageDeflate: false },
  });
  const context: RouteContext = {
    engines: options.engines,
    models: options.models,
    maxStreams: options.maxStreams ?? MAX_STREAMS,
    loading: options.loading ?? (() => []),
  };
  registerHealth(app, context);
  await app.register((scope, _options, done) => {
    if (options.apiKey !== undefined) {
      const check = createKeyCheck(options.apiKey);
      scope.addHook('onRequest', (request, _reply, next) => {
        next(check(request));
      });
    }
    for (const register of ROUTES) register(scope, context);
    done();
  });
  return app;
}
