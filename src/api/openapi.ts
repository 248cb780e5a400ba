// GET /api/v1/openapi.json: the OpenAPI 3.1 document of the control plane, made from the schemas of its routes.
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { AnswerCache } from './answer-cache.ts';
import { JSON_TYPE } from './answer-headers.ts';
import { operationId } from './resource.ts';
import { sendShared } from './send-shared.ts';

const OPENAPI_PATH = '/api/v1/openapi.json';

export const openApiOptions = (version: string): FastifyDynamicSwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'CorootAgent control plane',
      version,
      description: 'Read-only access to what the agent observes on its host.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as { name: string },
    },
    servers: [{ url: 'http://127.0.0.1:10300', description: 'The default of the setting `listen`.' }],
  },
});

const schema = {
  operationId: operationId(OPENAPI_PATH),
  summary: 'The OpenAPI 3.1 document of these routes.',
  response: { 200: { type: 'object', description: 'The document.', additionalProperties: true } },
};

export function registerOpenApi(app: FastifyInstance, cache: AnswerCache): void {
  app.get(OPENAPI_PATH, { schema }, async (request, reply) => {
    const shared = cache.get(OPENAPI_PATH, '', () => {
      return { type: JSON_TYPE, body: Buffer.from(JSON.stringify(app.swagger())) };
    });
    return sendShared(cache, shared, request, reply);
  });
}
