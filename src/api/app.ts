// Builds the HTTP server of the control plane, without listening.
import type { Socket } from 'node:net';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { AgentError } from '../base/errors.ts';
import { AccessCheck, readerOf } from './access.ts';
import { AnswerCache } from './answer-cache.ts';
import { ANSWER_HEADERS } from './answer-headers.ts';
import { Connections } from './connections.ts';
import type { ApiContext } from './context.ts';
import { answerOnSocket, errorAnswer, parserError, RETRY_AFTER_SECONDS, toAgentError } from './error-answers.ts';
import { answerHealthProbe, healthProbe } from './health-probe.ts';
import { HostCheck } from './host-check.ts';
import { createHttpServer } from './http-server.ts';
import { registerMethodCheck } from './methods.ts';
import { openApiOptions, registerOpenApi } from './openapi.ts';
import { HEALTH_PATH, health, registerReady } from './resources/health.ts';
import { resources } from './resources/index.ts';
import { registerLogsFollow } from './resources/logs-follow.ts';
import { registerMetrics } from './resources/metrics.ts';
import { wellFormed } from './well-formed.ts';

/** The HTTP server of the control plane. */
export type App = FastifyInstance;

/** No route needs a large body. */
const MAX_BODY_BYTES = 64 * 1024;
/** Route of an answer to a request that no route matched. */
const NO_ROUTE = '(none)';

/** Age of an answer at which it is built again while no pass finishes, in intervals of passes. */
const MAX_AGE_INTERVALS = 2;
const MIN_INTERVAL_MS = 1000;

export function buildApp(context: ApiContext): App {
  const { limits } = context;
  // Created at the first request: the port may be unknown before.
  let created: HostCheck | undefined;
  const hostCheck = (): HostCheck => {
    created ??= new HostCheck([...context.machineNames(), listenHost(context.listen())], context.allowedHosts);
    return created;
  };
  const access = new AccessCheck(context.apiAccess, context.acceptsToken);
  const now = (): number => performance.now();
  const connections = new Connections({
    limits,
    now,
    isUrgent: (received) => {
      const probe = healthProbe(received);
      return probe !== undefined && hostCheck().refusal(probe) === undefined;
    },
    answerUrgent: (socket, received) => {
      answerHealthProbe(socket, received);
      context.onAnswer(HEALTH_PATH, 200, 0);
    },
    refuse: (socket) => void answerOnSocket(new AgentError('BUSY'), socket),
    onReject: context.onReject,
  });
  const app = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    // Requests that arrive during the stop are answered as usual.
    return503OnClosing: false,
    serverFactory: (handler) => createHttpServer(connections, limits, handler),
    // A misspelt parameter is an error. By default it is removed.
    ajv: { customOptions: { removeAdditional: false } },
    // For a path that cannot be decoded Fastify calls neither the hooks nor the error handler.
    frameworkErrors: (error, request, reply) => {
      const { status, answer } = errorAnswer(hostCheck().refusal(request.raw) ?? toAgentError(error));
      (reply as FastifyReply).status(status).headers(ANSWER_HEADERS).send(answer);
      context.onAnswer(NO_ROUTE, status, 0);
    },
    clientErrorHandler: (error, socket) => {
      const status = answerOnSocket(parserError(error), socket);
      if (status !== undefined) context.onAnswer(NO_ROUTE, status, 0);
    },
  });
  // Expectations other than 100-continue are ignored; Node would answer 417 without a body (RFC 9110, section 10.1.1).
  app.server.on('checkExpectation', (request, response) => app.routing(request, response));
  // Without a listener Node closes the connection without an answer.
  app.server.on('connect', (request, socket) => {
    const path = (request.url ?? '').slice(0, 200);
    const refusal = hostCheck().refusal(request);
    // Its target always names another host: only a malformed request has another answer.
    const refused =
      refusal?.code === 'BAD_REQUEST' ? refusal : new AgentError('METHOD_NOT_ALLOWED', { path, method: 'CONNECT' });
    const status = answerOnSocket(refused, socket as Socket);
    if (status !== undefined) context.onAnswer(NO_ROUTE, status, 0);
  });
  const cache = new AnswerCache({
    limits,
    state: () => stateOf(context),
    maxAgeMs: () => MAX_AGE_INTERVALS * Math.max(context.model.intervalMs, MIN_INTERVAL_MS),
    now,
    onBuilt: context.onBuilt,
    onReject: context.onReject,
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(ANSWER_HEADERS);
    const refused = hostCheck().refusal(request.raw) ?? access.refusal(readerOf(request));
    if (refused) throw refused;
  });
  registerMethodCheck(app);
  app.addHook('onSend', async (_request, _reply, payload) =>
    typeof payload === 'string' ? wellFormed(payload) : payload,
  );
  app.addHook('onResponse', async (request, reply) =>
    context.onAnswer(request.routeOptions.url ?? NO_ROUTE, reply.statusCode, reply.elapsedTime / 1000),
  );
  app.setErrorHandler(async (error: FastifyError, _request, reply) => {
    const agentError = toAgentError(error);
    if (agentError.code === 'INTERNAL') context.onInternalError(error);
    if (agentError.code === 'BUSY') reply.header('retry-after', RETRY_AFTER_SECONDS);
    // RFC 9110, section 11.6.1.
    if (agentError.code === 'TOKEN_REQUIRED') reply.header('www-authenticate', 'Bearer');
    const { status, answer } = errorAnswer(agentError);
    return reply.status(status).send(answer);
  });
  app.register(swagger, openApiOptions(context.version));
  // A separate plugin: the OpenAPI plugin sees only routes that are added after it has loaded.
  app.register(async (routes) => {
    health.register(routes, context, cache);
    registerReady(routes, context);
    registerMetrics(routes, context, cache);
    for (const { register } of Object.values(resources)) register(routes, context, cache);
    registerLogsFollow(routes, context);
    registerOpenApi(routes, cache);
  });
  return app;
}

/**
 * Changes with each pass; before the first one with each tick. Between two passes only what has no pass to wait for
 * matters: the start, a problem and the end of the host.
 */
function stateOf({ passes, model, header, hostStatus }: ApiContext): string {
  const { problem = '', detail } = hostStatus();
  const round = passes.count > 0 ? `pass ${passes.count}` : `tick ${model.nowMs}`;
  return `${round} ${header() !== undefined} ${detail.ended === true} ${problem}`;
}

/** `HOST:PORT` without the port, IPv6 without brackets. */
function listenHost(address: string): string {
  return address.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
}
