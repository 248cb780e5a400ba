// GET /metrics: the last collection pass in the Prometheus text format.
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { AgentError } from '../../base/errors.ts';
import type { ApiContext } from '../context.ts';
import { operationId } from '../resource.ts';
import { errorSchema } from './error.ts';

/** Bytes that are rendered ahead of the reader. */
const AHEAD_BYTES = 65_536;

const schema = {
  operationId: operationId('/metrics'),
  summary:
    'The last collection pass as Prometheus text; 503 before the first one. It renders the pass and reads nothing.',
  response: {
    200: {
      description: 'The exposition; docs/metrics.md lists the families.',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
    default: errorSchema,
  },
};

export function registerMetrics(app: FastifyInstance, context: ApiContext): void {
  app.get('/metrics', { schema }, async (_request, reply) => {
    const exposition = context.exposition();
    if (!exposition) throw new AgentError('NOT_READY');
    const text = Readable.from(yielding(exposition.pieces), { objectMode: false, highWaterMark: AHEAD_BYTES });
    // The status line is already sent. The connection is cut off, so that no reader takes the part for the whole.
    text.on('error', (error) => context.onInternalError(error));
    return reply.type(exposition.type).send(text);
  });
}

/** Lets the event loop run other work after each piece. */
async function* yielding(pieces: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of pieces) {
    yield piece;
    await setImmediate();
  }
}
