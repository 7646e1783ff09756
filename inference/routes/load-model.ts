import type { FastifyInstance } from 'fastify';
import { asrConfig } from '../asr/asr-config.js';
import { BackendUnavailableError } from '../backends/backend-registry.js';
import type { RouteContext } from '../endpoint-engines.js';
import { ApiError, invalidRequest } from '../http/api-error.js';
import { validate } from '../http/parse-json.js';
import { MemoryCapError } from '../models/memory-budget.js';
import { LoadInProgressError } from '../models/model-manager.js';
import { ModelNotFoundError } from '../models/model-source.js';

/**
 * `POST /load_model`: exchanges the recogniser's model while streams run. Body: `model` (a name of the catalogue or of a folder in the
 * models directory), `lan`, `task`, `backend`, `minChunkSize`, `bufferTrimming`, `bufferTrimmingSec`; other fields are handed to the
 * backend. A load that fails changes nothing.
 */
export function registerLoadModel(app: FastifyInstance, { models }: RouteContext): void {
  app.post('/load_model', async (request, reply) => {
    const config = validate(asrConfig, request.body);
    try {
      const report = await models.loadSTT(config);
      request.log.info(report, 'model loaded');
      return await reply.send({ status: 'loaded', ...report });
    } catch (error) {
      throw toApiError(error);
    }
  });
}

function toApiError(error: unknown): unknown {
  if (error instanceof ApiError) return error;
  if (error instanceof ModelNotFoundError) {
    return invalidRequest(error.message, 'model', 'model_not_found');
  }
  if (error instanceof BackendUnavailableError) {
    return invalidRequest(error.message, 'backend', 'backend_unavailable');
  }
  if (error instanceof LoadInProgressError) {
    return new ApiError(409, error.message, {
      type: 'invalid_request_error',
      code: 'load_in_progress',
      retryAfterS: 2,
    });
  }
  if (error instanceof MemoryCapError) {
    return new ApiError(507, error.message, { type: 'server_error', code: 'memory_cap' });
  }
  // A backend's own words about a model that it cannot load.
  const reason = error instanceof Error ? error.message : String(error);
  return new ApiError(422, `The model was not loaded, the one before goes on serving: ${reason}`, {
    type: 'invalid_request_error',
    param: 'model',
    code: 'load_failed',
    cause: error,
  });
}
