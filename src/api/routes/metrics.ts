// The last pass for Prometheus.
import type { FastifyInstance } from 'fastify';
import { AgentError } from '../../base/errors.ts';
import type { ApiContext } from '../context.ts';

export function metricsRoute(app: FastifyInstance, context: ApiContext): void {
  app.get('/metrics', async (_request, reply) => {
    const rendered = await context.exposition();
    if (!rendered) throw new AgentError('NOT_READY');
    return reply.type(rendered.type).send(rendered.text);
  });
}
