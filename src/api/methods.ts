// Answers 405 for a method that a known path does not accept, and 404 for an unknown path.
import type { FastifyInstance } from 'fastify';
import { AgentError } from '../base/errors.ts';
import { pathOf } from './host-check.ts';

const MAX_SHOWN_CHARACTERS = 200;

/** Registers hooks; they see only routes that are added afterwards. */
export function registerMethodCheck(app: FastifyInstance): void {
  const methodsByPath = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ path, method }) => {
    const methods = methodsByPath.get(path) ?? new Set();
    for (const each of [method].flat()) methods.add(each);
    methodsByPath.set(path, methods);
  });
  // Before a body is read: it does not matter for such an answer.
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    const path = pathOf(request.url);
    const allowed = methodsByPath.get(path);
    if (!allowed) throw new AgentError('NOT_FOUND', { path: request.url.slice(0, MAX_SHOWN_CHARACTERS) });
    reply.header('allow', [...allowed].sort().join(', '));
    throw new AgentError('METHOD_NOT_ALLOWED', { path, method: request.method });
  });
}
