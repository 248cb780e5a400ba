// GET /health and GET /ready: whether the process is alive, and whether it has data to show.
import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.ts';
import { boolean, choice, record, type Static, text } from '../fields.ts';
import { operationId, resource } from '../resource.ts';
import { errorSchema } from './error.ts';

export const HEALTH_PATH = '/health';
export const HEALTHY = { status: 'ok' } as const;

export const health = resource({
  path: HEALTH_PATH,
  summary: 'Answers as long as the main loop runs.',
  answer: record({ status: choice(['ok'], 'Always `ok`.') }, 'The agent is alive.'),
  availableAtStart: true,
  view: () => HEALTHY,
});

const readyFields = {
  ready: boolean('Whether a collection pass has finished.'),
  reason: text('text', 'Why the agent is not ready; empty when it is.'),
};
const readySchema = record(readyFields, 'A collection pass has finished.');
export type ReadyAnswer = Static<typeof readySchema>;

export function registerReady(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    operationId: operationId('/ready'),
    summary: 'Is 200 once a collection pass has finished, and 503 before.',
    response: { 200: readySchema, 503: record(readyFields, 'No collection pass has finished.'), default: errorSchema },
  };
  app.get('/ready', { schema }, async (_request, reply): Promise<ReadyAnswer> => {
    if (context.passes.count > 0) return { ready: true, reason: '' };
    reply.status(503);
    return { ready: false, reason: context.hostStatus().problem ?? 'the first collection pass has not finished yet' };
  });
}
