// Builds the control plane; the composition root makes it listen.
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { AgentError, reasonOf } from '../base/errors.ts';
import type { ApiContext } from './context.ts';
import { openApiOptions, registerOpenApi } from './openapi.ts';
import type { ErrorAnswer } from './resources/error.ts';
import { health, registerReady } from './resources/health.ts';
import { resources } from './resources/index.ts';
import { registerMetrics } from './resources/metrics.ts';

/** The control plane, to listen and to close. */
export type App = FastifyInstance;

/** Nothing that a client sends here is large. */
const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

export function buildApp(context: ApiContext): App {
  // At the first request: before, the port may not be known.
  let names: ReadonlySet<string> | undefined;
  const ownNames = (): ReadonlySet<string> => {
    names ??= namesOf(context.listen());
    return names;
  };
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    // A misspelt parameter is an error, not nothing.
    ajv: { customOptions: { removeAdditional: false } },
    // A path that cannot be decoded comes past the hooks and the error handler.
    frameworkErrors: (error, request, reply) => {
      const refused = hostRefusal(request.headers.host, ownNames());
      const { status, answer } = errorAnswer(refused ?? toAgentError(error));
      (reply as FastifyReply).status(status).send(answer);
    },
  });
  app.addHook('onRequest', async (request) => {
    const refused = hostRefusal(request.headers.host, ownNames());
    if (refused) throw refused;
  });
  app.addHook('onSend', async (_request, _reply, payload) =>
    typeof payload === 'string' ? wellFormed(payload) : payload,
  );
  app.addHook('onResponse', async (request, reply) =>
    context.onAnswer(request.routeOptions.url ?? '(none)', reply.statusCode, reply.elapsedTime / 1000),
  );
  app.setNotFoundHandler(async (request) => {
    throw new AgentError('NOT_FOUND', { path: request.url.slice(0, 200) });
  });
  app.setErrorHandler(async (error: FastifyError, _request, reply) => {
    const known = toAgentError(error);
    if (known.code === 'INTERNAL') context.onInternalError(error);
    const { status, answer } = errorAnswer(known);
    return reply.status(status).send(answer);
  });
  app.register(swagger, openApiOptions(context.version));
  // In a plugin of their own: the OpenAPI plugin sees only routes that are added after it has loaded.
  app.register(async (routes) => {
    health.register(routes, context);
    registerReady(routes, context);
    registerMetrics(routes, context);
    for (const { register } of Object.values(resources)) register(routes, context);
    registerOpenApi(routes);
  });
  return app;
}

/** Half of a surrogate pair, which names on Windows may hold, comes escaped; many readers of JSON refuse it (RFC 8259, section 8.2). */
function wellFormed(json: string): string {
  return json.includes('\\ud') ? json.replace(/(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, '\ufffd') : json;
}

function toAgentError(error: FastifyError | AgentError): AgentError {
  if (error instanceof AgentError) return error;
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new AgentError('BAD_REQUEST', { reason: error.message });
  return new AgentError('INTERNAL', { reason: reasonOf(error) });
}

function errorAnswer({ code, message, hint, httpStatus }: AgentError): { status: number; answer: ErrorAnswer } {
  return { status: httpStatus, answer: { error: { code, message, hint } } };
}

/** Names of this machine that are no addresses: what the system calls it, and the host of the listen address `HOST:PORT`. */
function namesOf(listen: string): ReadonlySet<string> {
  return new Set(['localhost', hostname().toLowerCase(), hostOf(listen)]);
}

/**
 * A page in a browser can make a name of its own resolve to this machine (DNS rebinding), but it cannot make its requests
 * carry another name: only addresses and this machine's own names are answered.
 */
function hostRefusal(header: string | undefined, ownNames: ReadonlySet<string>): AgentError | undefined {
  const name = hostOf(header ?? '');
  if (isIP(name) !== 0 || (name !== '' && ownNames.has(name))) return undefined;
  return new AgentError('HOST_HEADER', { host: (header ?? '').slice(0, 200) });
}

/** `HOST:PORT` without the port, in lower case, IPv6 without brackets. */
function hostOf(address: string): string {
  return address
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}
