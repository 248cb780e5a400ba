// GET /metrics: the last collection pass in the Prometheus text format.
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { AgentError } from '../../base/errors.ts';
import type { AnswerCache } from '../answer-cache.ts';
import type { ApiContext } from '../context.ts';
import { operationId } from '../resource.ts';
import { sendShared } from '../send-shared.ts';
import { errorSchema } from './error.ts';

const PATH = '/metrics';

const schema = {
  operationId: operationId(PATH),
  summary:
    'The last collection pass as Prometheus text; 503 before the first one. It is rendered once per pass and reads nothing.',
  response: {
    200: {
      description: 'The exposition; docs/metrics.md lists the families.',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
    default: errorSchema,
  },
};

export function registerMetrics(app: FastifyInstance, context: ApiContext, cache: AnswerCache): void {
  app.get(PATH, { schema }, async (request, reply) => {
    const shared = cache.get(PATH, '', async () => {
      const exposition = context.exposition();
      if (!exposition) throw new AgentError('NOT_READY');
      return { type: exposition.type, body: await rendered(exposition.pieces) };
    });
    return sendShared(cache, shared, request, reply);
  });
}

/** Lets the event loop run other work after each piece. */
async function rendered(pieces: Iterable<string> | AsyncIterable<string>): Promise<Buffer> {
  const bytes: Buffer[] = [];
  for await (const piece of pieces) {
    bytes.push(Buffer.from(piece));
    await setImmediate();
  }
  return Buffer.concat(bytes);
}
