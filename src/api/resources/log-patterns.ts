// GET /api/v1/log-patterns: the patterns of log messages with their counts.
import { LOG_LEVELS } from '../../logs/log-record.ts';
import type { HostModel } from '../../model/host-model.ts';
import type { LogCounts } from '../../model/owner/log-counts.ts';
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
} from '../fields.ts';
import { type LogPatternFilter, levelMatcher, logPatternQuery, ownerMatcher, textMatcher } from '../log-parameters.ts';
import { resource } from '../resource.ts';

const patternSchema = record({
  containerId: containerId('The container that wrote the messages; empty for the node.'),
  containerName: text('service', 'Its name; empty for the node.'),
  source: text('text', '`EventLog`, `stdout/stderr`, or the pattern of file names from the settings.'),
  level: choice(LOG_LEVELS, 'Level of the messages.'),
  hash: text('id', 'Hash of the pattern, as `patternHash` of the messages.'),
  sample: text('text', 'The first message of the pattern; long ones are cut.'),
  count: integer('Messages since the agent started.'),
  firstAtMs: number('When the first of them was written, in milliseconds since 1970.'),
  lastAtMs: number('When the last of them was written, in milliseconds since 1970.'),
  isNew: boolean(
    'True when the first of them came within the last hour, after an hour in which the container was observed without it.',
  ),
});
export type LogPatternView = Static<typeof patternSchema>;

const logPatternsSchema = record(
  {
    observedAtMs,
    patterns: list(patternSchema, 'The selected patterns in the order of `sort`.'),
    truncated: boolean('True when `limit` left patterns out.'),
  },
  'The patterns.',
);
export type LogPatternsAnswer = Static<typeof logPatternsSchema>;

export const logPatterns = resource({
  path: '/api/v1/log-patterns',
  summary: 'Patterns of log messages by container, with counts, the first and the last time, and a sample.',
  query: logPatternQuery,
  answer: logPatternsSchema,
  view: ({ model }, filter) => logPatternsView(model, filter),
});

function logPatternsView(model: HostModel, filter: LogPatternFilter): LogPatternsAnswer {
  const isOwner = ownerMatcher(filter);
  const isLevel = levelMatcher(filter);
  const hasText = textMatcher(filter.text);
  const patterns = owners(model)
    .filter(({ id, name }) => isOwner(id, name))
    .flatMap((owner) => patternViews(owner, model.clock.monoMs))
    .filter((pattern) => isLevel(pattern) && !(filter.new && !pattern.isNew) && hasText(pattern.sample))
    .sort(filter.sort === 'last' ? byLast : byCount);
  const { limit } = filter;
  return { observedAtMs: model.nowMs, patterns: patterns.slice(0, limit), truncated: patterns.length > limit };
}

interface LogOwner {
  readonly id: string;
  readonly name: string;
  readonly logs: LogCounts | undefined;
}

function owners(model: HostModel): LogOwner[] {
  return [{ id: '', name: '', logs: model.logs.node }, ...model.containers.all()];
}

function patternViews({ id, name, logs }: LogOwner, nowMonoMs: number): LogPatternView[] {
  if (!logs) return [];
  const views: LogPatternView[] = [];
  for (const each of logs.values()) {
    const { source, level, hash, sample, count, firstAtMs, lastAtMs } = each;
    // Messages of some levels are only counted.
    if (hash === '') continue;
    const isNew = logs.isNew(each, nowMonoMs);
    views.push({
      containerId: id,
      containerName: name,
      source,
      level,
      hash,
      sample,
      count,
      firstAtMs,
      lastAtMs,
      isNew,
    });
  }
  return views;
}

const byCount = (a: LogPatternView, b: LogPatternView): number => b.count - a.count || byLast(a, b);
const byLast = (a: LogPatternView, b: LogPatternView): number => b.lastAtMs - a.lastAtMs;
