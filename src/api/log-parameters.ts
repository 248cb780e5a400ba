// Query parameters that select log messages and patterns, and the functions that apply them.
import * as Type from 'typebox';
import { matcher, partMatcher } from '../base/wildcard.ts';
import { LOG_LEVELS, type LogLevel } from '../logs/log-record.ts';
import type { RecentMessage } from '../model/logs/recent-message.ts';
import { DEFAULT_MESSAGES, MAX_MESSAGES } from './limits.ts';

/** Bounds of the texts, because each is searched in every message. */
const MAX_TEXTS = 8;
const MAX_TEXT_LENGTH = 128;

const closed = { additionalProperties: false };
const patterns = (description: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 1024 }), { minItems: 1, maxItems: 1000, description }),
  );
const level = Type.Unsafe<LogLevel>({ type: 'string', enum: [...LOG_LEVELS] });

const owner = {
  container: patterns('Only these containers, by patterns of ids or names.'),
  node: Type.Optional(
    Type.Boolean({
      description: 'True for what belongs to no container; with `container`, in addition to those containers.',
    }),
  ),
  level: Type.Optional(Type.Array(level, { minItems: 1, description: 'Only these levels.' })),
  minLevel: Type.Optional(
    Type.Unsafe<LogLevel>({
      type: 'string',
      enum: [...LOG_LEVELS],
      description: `Only this level and those before it: ${LOG_LEVELS.join(', ')}.`,
    }),
  ),
  source: patterns('Only these sources, by patterns, e.g. `EventLog`.'),
};

const text = Type.Optional(
  Type.Array(Type.String({ minLength: 1, maxLength: MAX_TEXT_LENGTH }), {
    minItems: 1,
    maxItems: MAX_TEXTS,
    description: 'Only messages that contain one of these texts, without regard to case; they may have wildcards.',
  }),
);

const messageFields = {
  ...owner,
  text,
  pattern: Type.Optional(
    Type.Array(Type.String({ pattern: '^[0-9a-fA-F]{32}$' }), {
      minItems: 1,
      maxItems: 100,
      description: 'Only messages with these pattern hashes.',
    }),
  ),
  since: Type.Optional(
    Type.Number({
      minimum: 0,
      description: 'Only messages written at or after this time, in milliseconds since 1970.',
    }),
  ),
  channel: patterns('Only events of these channels of the Event Log, by patterns.'),
  provider: patterns('Only events of these providers, by patterns.'),
  eventId: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0, maximum: 0xffff_ffff }), {
      minItems: 1,
      maxItems: 100,
      description: 'Only events with these ids.',
    }),
  ),
};

const CURSOR = '^(?:[0-9]{1,16}-)?[0-9]{1,16}$';

export const logQuery = Type.Object(
  {
    ...messageFields,
    after: Type.Optional(
      Type.String({
        pattern: CURSOR,
        description:
          'Only messages after this one, the oldest first: the `cursor` of an answer, or the `seq` of a message.',
      }),
    ),
    limit: Type.Integer({
      minimum: 1,
      maximum: MAX_MESSAGES,
      default: DEFAULT_MESSAGES,
      description: 'The most messages to answer: the newest, or with `after` the oldest.',
    }),
  },
  closed,
);
export type LogFilter = Type.Static<typeof logQuery>;

export const followQuery = Type.Object(
  {
    ...messageFields,
    last: Type.Integer({
      minimum: 0,
      maximum: MAX_MESSAGES,
      default: 0,
      description: 'The most messages from before the request; ignored with `Last-Event-ID`.',
    }),
  },
  closed,
);
export type FollowFilter = Type.Static<typeof followQuery>;

export const logPatternQuery = Type.Object(
  {
    ...owner,
    text,
    new: Type.Optional(Type.Boolean({ description: 'True for only new patterns.' })),
    sort: Type.Unsafe<'count' | 'last'>({
      type: 'string',
      enum: ['count', 'last'],
      default: 'count',
      description: 'Whether the patterns with the most messages come first, or those with the newest.',
    }),
    limit: Type.Integer({
      minimum: 1,
      maximum: MAX_MESSAGES,
      default: DEFAULT_MESSAGES,
      description: 'The most patterns to answer; `truncated` is true when more are selected.',
    }),
  },
  closed,
);
export type LogPatternFilter = Type.Static<typeof logPatternQuery>;

type OwnerFilter = Pick<LogFilter, 'container' | 'node' | 'level' | 'minLevel' | 'source'>;
type MessageFilter = Omit<LogFilter, 'after' | 'limit'>;

/** Whether a container is selected; the node has an empty id. */
export function ownerMatcher({ container, node }: Pick<OwnerFilter, 'container' | 'node'>) {
  if (!container && !node) return () => true;
  const matches = container ? matcher(container) : () => false;
  return (id: string, name: string): boolean => (id === '' ? node === true : matches(id) || matches(name));
}

/** Whether the level and the source of a message or pattern are selected. */
export function levelMatcher({ level: levels, minLevel, source }: Pick<OwnerFilter, 'level' | 'minLevel' | 'source'>) {
  const severe = minLevel ? LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(minLevel) + 1) : LOG_LEVELS;
  const wanted = new Set<LogLevel>(severe.filter((each) => !levels || levels.includes(each)));
  const matches = matcher(source ?? []);
  return (each: { readonly level: LogLevel; readonly source: string }): boolean =>
    wanted.has(each.level) && matches(each.source);
}

/** Whether a text contains one of the texts, which may have wildcards. */
export function textMatcher(texts: readonly string[] | undefined): (text: string) => boolean {
  return texts ? partMatcher(texts) : () => true;
}

export function messageMatcher(filter: MessageFilter): (message: RecentMessage) => boolean {
  const { since = Number.NEGATIVE_INFINITY, channel, provider, eventId } = filter;
  const isOwner = ownerMatcher(filter);
  const isLevel = levelMatcher(filter);
  const hasText = textMatcher(filter.text);
  const hashes = filter.pattern && new Set(filter.pattern.map((hash) => hash.toLowerCase()));
  const events = channel || provider || eventId ? eventMatcher({ channel, provider, eventId }) : undefined;
  return (message) =>
    message.atMs + message.nanoseconds / 1e6 >= since &&
    isOwner(message.containerId, message.containerName) &&
    isLevel(message) &&
    (!hashes || hashes.has(message.hash)) &&
    (!events || events(message)) &&
    hasText(message.body);
}

function eventMatcher({ channel, provider, eventId }: { [K in 'channel' | 'provider' | 'eventId']: LogFilter[K] }) {
  const isChannel = matcher(channel ?? []);
  const isProvider = matcher(provider ?? []);
  return ({ event }: RecentMessage): boolean =>
    event !== undefined &&
    isChannel(event.channel) &&
    isProvider(event.provider) &&
    (!eventId || eventId.includes(event.eventId));
}
