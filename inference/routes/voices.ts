import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '../endpoint-engines.js';

/** `GET /v1/audio/voices`: the voices that `/v1/audio/speech` can speak with. */
export function registerVoices(app: FastifyInstance, { engines }: RouteContext): void {
  app.get('/v1/audio/voices', () => ({ voices: engines.tts.voices }));
}
