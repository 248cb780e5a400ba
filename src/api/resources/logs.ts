// GET /api/v1/logs: the recent log messages.
import { LOG_LEVELS } from '../../logs/log-record.ts';
import type { RecentMessage } from '../../model/logs/recent-message.ts';
import type { RecentMessages } from '../../model/logs/recent-messages.ts';
import {
  boolean,
  choice,
  containerId,
  integer,
  list,
  number,
  observedAtMs,
  record,
  type Static,
  text,
  texts,
} from '../fields.ts';
import { cursorText, parseCursor, resumeAt } from '../log-cursor.ts';
import { type LogFilter, logQuery, messageMatcher } from '../log-parameters.ts';
import { selectInSlices } from '../log-selection.ts';
import { resource } from '../resource.ts';

const messageSchema = record({
  seq: integer('Number of the message since the agent started.'),
  atMs: number('When it was written, in milliseconds since 1970 with fractions.'),
  level: choice(LOG_LEVELS, 'Its level; `unknown` when it has none.'),
  containerId: containerId('The container that wrote it; empty for the node.'),
  containerName: text('service', 'Its name; empty for the node.'),
  source: text('text', '`EventLog`, `stdout/stderr`, or the pattern of file names from the settings.'),
  body: text('text', 'The message, which may have several lines.'),
  patternHash: text('id', 'Hash of its pattern; empty for the levels without patterns: info, debug, unknown.'),
  channel: text('text', 'Channel of an event of the Event Log; empty for a message of a file.'),
  provider: text('text', 'Provider of the event.'),
  eventId: integer('Event id; 0 for a message of a file.'),
  recordId: text('text', 'EventRecordID of the event, as a decimal number.'),
  attributes: texts('text', 'Fields of a JSON message.'),
  traceId: text('id', 'Trace that it belongs to; empty when unknown.'),
  spanId: text('id', 'Span that it belongs to; empty when unknown.'),
});
export type LogMessageView = Static<typeof messageSchema>;

const logsSchema = record(
  {
    observedAtMs,
    messages: list(messageSchema, 'The selected messages, the newest last.'),
    truncated: boolean('True when `limit` left messages out: older ones, or with `after` newer ones.'),
    cursor: text('text', 'Value of `after` that asks for the messages after these.'),
    restarted: boolean('True when `after` is of another run of the agent: the messages between are not known.'),
    missed: integer('Messages of all containers after `after` that are no longer kept.'),
    kept: integer('Messages of all containers that are kept.'),
    evicted: integer('Messages of all containers that were removed since the start because of the memory limit.'),
  },
  'The log messages.',
);
export type LogsAnswer = Static<typeof logsSchema>;

export const logs = resource({
  path: '/api/v1/logs',
  summary: 'The recent log messages of containers and of the node.',
  query: logQuery,
  answer: logsSchema,
  // Messages arrive between two passes.
  version: ({ model }) => String(model.logs.recent.lastSeq),
  view: async ({ model, startedAtMs }, filter) => ({
    observedAtMs: model.nowMs,
    ...(await logsView(model.logs.recent, startedAtMs, filter)),
  }),
});

async function logsView(
  recent: RecentMessages,
  run: number,
  filter: LogFilter,
): Promise<Omit<LogsAnswer, 'observedAtMs'>> {
  const { lastSeq, evicted, size: kept } = recent;
  const { seq, restarted } = filter.after === undefined ? START : resumeAt(parseCursor(filter.after)!, run, lastSeq);
  const candidates = recent.after(seq);
  const paging = filter.after !== undefined;
  if (!paging) candidates.reverse();
  const { found, examined, truncated } = await selectInSlices(candidates, messageMatcher(filter), filter.limit);
  const through = paging && truncated ? candidates[examined - 1]!.seq : lastSeq;
  if (!paging) found.reverse();
  return {
    messages: found.map(messageView),
    truncated,
    cursor: cursorText(run, through),
    restarted,
    // Messages are numbered without gaps.
    missed: paging ? through - seq - (truncated ? examined : candidates.length) : 0,
    kept,
    evicted,
  };
}

const START = { seq: 0, restarted: false };

export function messageView(message: RecentMessage): LogMessageView {
  const { event } = message;
  return {
    seq: message.seq,
    atMs: message.atMs + message.nanoseconds / 1e6,
    level: message.level,
    containerId: message.containerId,
    containerName: message.containerName,
    source: message.source,
    body: message.body,
    patternHash: message.hash,
    channel: event?.channel ?? '',
    provider: event?.provider ?? '',
    eventId: event?.eventId ?? 0,
    recordId: event?.recordId ?? '',
    attributes: message.attributes,
    traceId: message.traceId ?? '',
    spanId: message.spanId ?? '',
  };
}
