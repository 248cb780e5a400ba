// Builds the HTTP server of the control plane, without listening.
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

/** The HTTP server of the control plane. */
export type App = FastifyInstance;

/** No route needs a large body. */
const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

export function buildApp(context: ApiContext): App {
  // Created at the first request: the port may be unknown before.
  let names: ReadonlySet<string> | undefined;
  const hostNames = (): ReadonlySet<string> => {
    names ??= hostNamesOf(context.listen());
    return names;
  };
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    // A misspelt parameter is an error. By default it is removed.
    ajv: { customOptions: { removeAdditional: false } },
    // For a path that cannot be decoded Fastify calls neither the hooks nor the error handler.
    frameworkErrors: (error, request, reply) => {
      const refused = hostRefusal(request.headers.host, hostNames());
      const { status, answer } = errorAnswer(refused ?? toAgentError(error));
      (reply as FastifyReply).status(status).send(answer);
    },
  });
  app.addHook('onRequest', async (request) => {
    const refused = hostRefusal(request.headers.host, hostNames());
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
    const agentError = toAgentError(error);
    if (agentError.code === 'INTERNAL') context.onInternalError(error);
    const { status, answer } = errorAnswer(agentError);
    return reply.status(status).send(answer);
  });
  app.register(swagger, openApiOptions(context.version));
  // A separate plugin: the OpenAPI plugin sees only routes that are added after it has loaded.
  app.register(async (routes) => {
    health.register(routes, context);
    registerReady(routes, context);
    registerMetrics(routes, context);
    for (const { register } of Object.values(resources)) register(routes, context);
    registerOpenApi(routes);
  });
  return app;
}

/**
 * Replaces lone surrogates, which JSON.stringify escapes. Names on Windows may contain them, and many JSON parsers
 * reject them (RFC 8259, section 8.2).
 */
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

/** Names of this machine that are not addresses: localhost, its host name, and the host of the listen address. */
function hostNamesOf(listen: string): ReadonlySet<string> {
  return new Set(['localhost', hostname().toLowerCase(), hostOf(listen)]);
}

/**
 * Protects against DNS rebinding: a web page can make its domain resolve to this machine, but its requests still have
 * that domain in the Host header. Only addresses and names of this machine are accepted.
 */
function hostRefusal(header: string | undefined, hostNames: ReadonlySet<string>): AgentError | undefined {
  const name = hostOf(header ?? '');
  if (isIP(name) !== 0 || (name !== '' && hostNames.has(name))) return undefined;
  return new AgentError('HOST_HEADER', { host: (header ?? '').slice(0, 200) });
}

/** `HOST:PORT` without the port, in lower case, IPv6 without brackets. */
function hostOf(address: string): string {
  return address
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}
