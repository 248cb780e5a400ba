// Builds the control plane; the composition root makes it listen.
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { AgentError, reasonOf } from '../base/errors.ts';
import type { ApiContext } from './context.ts';
import { healthRoutes } from './routes/health.ts';
import { inventoryRoutes } from './routes/inventory.ts';
import { metricsRoute } from './routes/metrics.ts';
import { statusRoute } from './routes/status.ts';
import type { ErrorAnswer } from './schemas.ts';

/** Nothing that a client sends here is large. */
const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

export function buildApp(context: ApiContext): FastifyInstance {
  const app = Fastify({ bodyLimit: MAX_BODY_BYTES, requestTimeout: REQUEST_TIMEOUT_MS, forceCloseConnections: true });
  app.addHook('onRequest', async (request) => checkHostHeader(request.headers.host));
  app.setNotFoundHandler(async (request) => {
    throw new AgentError('NOT_FOUND', { path: request.url.slice(0, 200) });
  });
  app.setErrorHandler(async (error: FastifyError, _request, reply) => {
    const known = toAgentError(error);
    if (known.code === 'INTERNAL') context.onInternalError(error);
    const answer: ErrorAnswer = { error: { code: known.code, message: known.message, hint: known.hint } };
    return reply.status(known.httpStatus).send(answer);
  });
  healthRoutes(app, context);
  metricsRoute(app, context);
  statusRoute(app, context);
  inventoryRoutes(app, context);
  return app;
}

function toAgentError(error: FastifyError | AgentError): AgentError {
  if (error instanceof AgentError) return error;
  if (error.statusCode !== undefined && error.statusCode < 500) return new AgentError('BAD_REQUEST', { reason: error.message });
  return new AgentError('INTERNAL', { reason: reasonOf(error) });
}

/**
 * A page in a browser can make a name of its own resolve to this machine (DNS rebinding), but it cannot make its requests
 * carry another name: only addresses, localhost and this machine's own name are answered.
 */
function checkHostHeader(header: string | undefined): void {
  const name = (header ?? '')
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  if (isIP(name) !== 0 || name === 'localhost' || name === hostname().toLowerCase()) return;
  throw new AgentError('HOST_HEADER', { host: (header ?? '').slice(0, 200) });
}
