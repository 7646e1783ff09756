import type { FastifyInstance } from 'fastify';
import { engineHosts, type RouteContext } from '../endpoint-engines.js';
import { HEALTH_PING_MS } from '../server-limits.js';

/**
 * `GET /healthz`: 200 `{"status":"ok"}` only when every engine answers; 503 with `status` `loading` or `failing` and every
 * engine's state otherwise. Needs no key and tells nothing but states and model names.
 */
export function registerHealth(app: FastifyInstance, context: RouteContext): void {
  app.get('/healthz', async (_request, reply) => {
    const engines = await Promise.all(
      engineHosts(context.engines).map(async ({ kind, model, worker }) => {
        const answers = await worker.answers(HEALTH_PING_MS);
        const state = worker.state === 'ready' && !answers ? 'silent' : worker.state;
        return [kind, { state, model, problem: worker.lastProblem ?? null }] as const;
      }),
    );
    const states = engines.map(([, engine]) => engine.state);
    const serving = (state: string): boolean => state === 'ready' || state === 'idle';
    const status = states.every(serving)
      ? 'ok'
      : states.every((state) => serving(state) || state === 'loading')
        ? 'loading'
        : 'failing';
    return reply
      .code(status === 'ok' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status, engines: Object.fromEntries(engines), progress: context.loading() });
  });
}
