// The last pass for Prometheus.
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { AgentError } from '../../base/errors.ts';
import type { ApiContext } from '../context.ts';

/** Pieces are made ahead of the reader up to this. */
const AHEAD_BYTES = 65_536;

export function metricsRoute(app: FastifyInstance, context: ApiContext): void {
  app.get('/metrics', async (_request, reply) => {
    const exposition = context.exposition();
    if (!exposition) throw new AgentError('NOT_READY');
    const text = Readable.from(inTurns(exposition.pieces), { objectMode: false, highWaterMark: AHEAD_BYTES });
    // The answer has begun: all that is left is to cut it off, so that nobody takes it for a whole one.
    text.on('error', (error) => context.onInternalError(error));
    return reply.type(exposition.type).send(text);
  });
}

/** Everybody else has a turn between two pieces. */
async function* inTurns(pieces: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of pieces) {
    yield piece;
    await setImmediate();
  }
}
