import type { FastifyInstance } from 'fastify';
import { loaderNames } from '../asr/loader-registry.js';
import { engineHosts, type RouteContext } from '../endpoint-engines.js';

/** `GET /v1/models`: the models in OpenAI's list, with what each can do, and the backends with what keeps them from being used. */
export function registerModels(app: FastifyInstance, { engines, models }: RouteContext): void {
  const startedS = Math.floor(Date.now() / 1000);
  app.get('/v1/models', () => ({
    object: 'list',
    data: engineHosts(engines).map((engine) => ({
      id: engine.model,
      object: 'model',
      created: startedS,
      owned_by: 'earshot',
      kind: engine.kind,
      state: engine.worker.state,
      ...(engine.kind === 'llm'
        ? {
            capabilities: {
              tools: engines.llm.toolCalls,
              context_tokens: engines.llm.contextTokens,
            },
          }
        : {}),
    })),
    loaders: loaderNames(),
    backends: models.backends().map(({ kind, state }) => ({ kind, ...state })),
  }));
}
