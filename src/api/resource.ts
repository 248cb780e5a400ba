// A resource of the control plane: its path, the schema of its answer, and the function that makes the answer.
import type { FastifyInstance } from 'fastify';
import { AgentError } from '../base/errors.ts';
import type { AnswerCache } from './answer-cache.ts';
import { JSON_TYPE } from './answer-headers.ts';
import type { ApiContext } from './context.ts';
import type { FieldSchema, Static, TObject, TSchema } from './fields.ts';
import { errorSchema } from './resources/error.ts';
import { sendShared } from './send-shared.ts';
import { wellFormed } from './well-formed.ts';

export interface Resource<Answer extends TSchema = TSchema> {
  /** Schema of the answer, for its TypeScript type. */
  readonly answer: Answer;
  /** The same schema, to read its fields. */
  readonly fields: FieldSchema;
  readonly register: (app: FastifyInstance, context: ApiContext, cache: AnswerCache) => void;
}

/** The TypeScript type of a resource's answer. */
export type AnswerOf<R> = R extends Resource<infer Answer> ? Static<Answer> : never;

interface Definition<Answer extends TSchema, Query extends TSchema> {
  readonly path: string;
  /** One sentence for the documentation. */
  readonly summary: string;
  readonly query?: Query;
  /** Its description is that of the answer. */
  readonly answer: Answer;
  /** Answers before the first observation too; other resources are 503 then, because an empty list would mislead. */
  readonly availableAtStart?: boolean;
  /** Changes when the answer must be built again before the next pass. */
  readonly version?: (context: ApiContext) => string;
  readonly view: (context: ApiContext, query: Static<Query>) => Static<Answer> | Promise<Static<Answer>>;
}

/** Defines a resource that is read with GET and answered as JSON. */
export function resource<Answer extends TSchema, Query extends TSchema = TObject>({
  path,
  summary,
  query,
  answer,
  availableAtStart = false,
  version = () => '',
  view,
}: Definition<Answer, Query>): Resource<Answer> {
  const schema = {
    operationId: operationId(path),
    summary,
    ...(query ? { querystring: query } : {}),
    response: { 200: answer, default: errorSchema },
  };
  const register = (app: FastifyInstance, context: ApiContext, cache: AnswerCache): void => {
    const onRequest = async (): Promise<void> => {
      if (!availableAtStart && context.model.nowMs === 0) throw new AgentError('NOT_READY');
    };
    app.get(path, { onRequest, schema }, async (request, reply) => {
      const selection = query && hasQuery(request.url) ? JSON.stringify(request.query) : '';
      const build = async () => {
        const json = reply.serialize(await view(context, request.query as Static<Query>)) as string;
        return { type: JSON_TYPE, body: Buffer.from(wellFormed(json)) };
      };
      const shared = cache.get(path, selection, build, version(context));
      return sendShared(cache, shared, request, reply);
    });
  };
  return { answer, fields: answer as FieldSchema, register };
}

/** `/api/v1/dns-requests` as `getDnsRequests`. */
export function operationId(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return `get-${name}`.replace(/[-.](.)/g, (_, letter: string) => letter.toUpperCase());
}

function hasQuery(url: string): boolean {
  return /\?./.test(url);
}
