// GET /api/v1/logs/follow: new log messages as server-sent events.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AgentError } from '../../base/errors.ts';
import type { ApiContext } from '../context.ts';
import type { Follower } from '../follow/follower.ts';
import { Followers } from '../follow/followers.ts';
import { parseCursor, resumeAt } from '../log-cursor.ts';
import { type FollowFilter, followQuery, messageMatcher } from '../log-parameters.ts';
import { selectInSlices } from '../log-selection.ts';
import { INPUT_END, PacedConnection } from '../paced-connection.ts';
import { errorSchema } from './error.ts';

const PATH = '/api/v1/logs/follow';

const schema = {
  operationId: 'followLogs',
  summary: 'New log messages as server-sent events.',
  description: `- An event without a name is a message as in \`/api/v1/logs\`. Its id is the position for
  \`Last-Event-ID\`.
- \`gap\` reports messages of all containers that were removed before the client read them: \`missed\` is their number.
  \`restarted\` is true when the position is from another run of the agent. Messages of that run are not kept.
- \`end\` is the last event of an agent that stops.
- A comment every 15 s keeps the connection in use. The id with it is the position after all messages
  that were examined.`,
  querystring: followQuery,
  response: {
    200: {
      description: 'The stream.',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    },
    default: errorSchema,
  },
};

export function registerLogsFollow(app: FastifyInstance, context: ApiContext): void {
  const { model, startedAtMs, limits, onReject, onMissedMessages } = context;
  const followers = new Followers({
    recent: () => model.logs.recent,
    run: startedAtMs,
    limits,
    onReject,
    onMissed: onMissedMessages,
  });
  // Before the server closes the connections.
  app.addHook('preClose', async () => followers.stop());
  const onRequest = async (): Promise<void> => {
    if (model.nowMs === 0) throw new AgentError('NOT_READY');
  };
  app.get(PATH, { onRequest, schema }, async (request, reply) => {
    reply.type('text/event-stream');
    if (request.method === 'HEAD') return reply.send('');
    const filter = request.query as FollowFilter;
    const matches = messageMatcher(filter);
    const lastEventId = request.headers['last-event-id'];
    const { recent } = model.logs;
    if (lastEventId !== undefined) {
      const cursor = parseCursor(String(lastEventId));
      if (!cursor) throw new AgentError('BAD_REQUEST', { reason: 'Last-Event-ID is not an id of this stream' });
      const { seq, restarted } = resumeAt(cursor, startedAtMs, recent.lastSeq);
      return reply.send(closedWith(request, followers.open(matches, { seq, gapsAfter: seq, restarted })));
    }
    const gapsAfter = recent.lastSeq;
    const earlier = filter.last > 0 ? recent.after(0).reverse() : [];
    const { found } = await selectInSlices(earlier, matches, filter.last);
    const seq = found.length > 0 ? found.at(-1)!.seq - 1 : gapsAfter;
    return reply.send(closedWith(request, followers.open(matches, { seq, gapsAfter, restarted: false })));
  });
}

/** Ends the stream when the client has closed its side: the answer would only end with the next write. */
function closedWith({ raw }: FastifyRequest, follower: Follower): Follower {
  const connection: unknown = raw.socket;
  if (!(connection instanceof PacedConnection)) return follower;
  const close = (): void => void follower.destroy();
  if (connection.inputEnded) close();
  connection.once(INPUT_END, close);
  follower.once('close', () => connection.off(INPUT_END, close));
  return follower;
}
