import type { FastifyInstance } from 'fastify';
import { checkParts, type PlaygroundHealth } from './check-parts.js';
import type { PartToCheck } from './playground-options.js';

/** `GET /healthz` → 200 when a call would be answered now, else 503; both say how each part is. */
export function healthRoute(app: FastifyInstance, parts: readonly PartToCheck[]): void {
  // Whoever asks while a check is under way gets its answer: many askers cost no more than one.
  let underWay: Promise<PlaygroundHealth> | undefined;
  app.get('/healthz', async (_request, reply) => {
    underWay ??= checkParts(parts).finally(() => {
      underWay = undefined;
    });
    const health = await underWay;
    void reply.header('Cache-Control', 'no-store').code(health.status === 'ok' ? 200 : 503);
    return health;
  });
}
