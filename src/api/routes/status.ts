// The agent and its host at a glance.
import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.ts';
import { type StatusAnswer, statusSchema } from '../schemas.ts';
import { statusView } from '../status.ts';

export function statusRoute(app: FastifyInstance, context: ApiContext): void {
  app.get(
    '/api/v1/status',
    { schema: { response: { 200: statusSchema } } },
    async (): Promise<StatusAnswer> => statusView(context),
  );
}
