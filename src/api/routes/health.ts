// Is the process alive, and does it have something to show.
import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.ts';
import { type HealthAnswer, healthSchema, type ReadyAnswer, readySchema } from '../schemas.ts';

export function healthRoutes(app: FastifyInstance, context: ApiContext): void {
  app.get(
    '/health',
    { schema: { response: { 200: healthSchema } } },
    async (): Promise<HealthAnswer> => ({ status: 'ok' }),
  );

  app.get(
    '/ready',
    { schema: { response: { 200: readySchema, 503: readySchema } } },
    async (_request, reply): Promise<ReadyAnswer> => {
      if (context.passes.count > 0) return { ready: true, reason: '' };
      reply.status(503);
      return { ready: false, reason: context.hostStatus().problem ?? 'the first collection pass has not finished yet' };
    },
  );
}
