// One line of a W3C log as a request: time, level, attributes, and the words of its pattern.
import type { LogLevel } from '../../../logs/log-record.ts';
import { w3cAttributes } from './attributes.ts';
import type { W3cHeader } from './w3c-header.ts';

export interface W3cRequest {
  readonly atMs: number;
  readonly level: LogLevel;
  readonly patternSource: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;
const HALF_DAY_S = 43_200;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d\d:\d\d:\d\d(?:\.\d+)?$/;
const STATUS = /^(?:[1-9]\d\d|0|-)$/;
const ADDRESS = /^(?:-|[\da-f:.%[\]]+)$/i;

/** Undefined for a line that does not fit the fields. Lines follow each other: the header keeps their day. */
export function parseRequest(line: string, header: W3cHeader): W3cRequest | undefined {
  const values = columnsOf(line.trimEnd(), header.fields);
  if (!values) return undefined;
  const atMs = timeOf(values, header);
  if (atMs === undefined) return undefined;
  const status = Number(values.get('sc-status') ?? 0);
  const reason = values.get('s-reason');
  return {
    atMs,
    level: levelOf(status, reason, header.fields.includes('s-reason')),
    patternSource: patternOf(values, status, reason),
    attributes: w3cAttributes(values),
  };
}

/**
 * Values by field, without those that are `-`. Only a user name may contain spaces: IIS writes it as it was sent, and
 * replaces spaces of other fields. Undefined if the number of columns does not fit, or a column cannot be its field.
 */
function columnsOf(line: string, fields: readonly string[]): Map<string, string> | undefined {
  const columns = line.split(' ');
  const extra = columns.length - fields.length;
  if (extra > 0) {
    const user = fields.indexOf('cs-username');
    if (user < 0) return undefined;
    columns.splice(
      user,
      extra + 1,
      columns
        .slice(user, user + extra + 1)
        .join(' ')
        .trim(),
    );
  }
  if (columns.length !== fields.length) return undefined;
  const values = new Map<string, string>();
  for (const [index, name] of fields.entries()) {
    const value = columns[index]!;
    if (name === 'sc-status' && !STATUS.test(value)) return undefined;
    if ((name === 'c-ip' || name === 's-ip') && !ADDRESS.test(value)) return undefined;
    if (value !== '-' && value !== '') values.set(name, value);
  }
  return values;
}

/** W3C logs are in UTC. Undefined if the line has no time. */
function timeOf(values: ReadonlyMap<string, string>, header: W3cHeader): number | undefined {
  const time = values.get('time');
  if (time === undefined || !TIME.test(time)) return undefined;
  const own = values.get('date');
  if (own !== undefined && !DATE.test(own)) return undefined;
  if (own === undefined) advanceDay(header, time);
  header.time = time;
  const atMs = Date.parse(`${own ?? header.date}T${time}Z`);
  return atMs >= 0 ? atMs : undefined;
}

/** A time that is much earlier than that of the line before it belongs to the next day. */
function advanceDay(header: W3cHeader, time: string): void {
  if (header.date === undefined || header.time === '' || secondsOf(header.time) - secondsOf(time) < HALF_DAY_S) return;
  const dayMs = Date.parse(`${header.date}T00:00:00Z`) + DAY_MS;
  if (dayMs >= 0) header.date = new Date(dayMs).toISOString().slice(0, 10);
}

function secondsOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

/**
 * The server failed with 5xx. What HTTP.sys refused or dropped by itself (HTTPERR) never reached an application and is
 * a warning, except a keep-alive connection that was idle.
 */
function levelOf(status: number, reason: string | undefined, isHttpError: boolean): LogLevel {
  if (status >= 500) return 'error';
  return isHttpError && reason !== 'Timer_ConnectionIdle' ? 'warning' : 'info';
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-15.6; a pattern has no digits. */
const REASONS: Readonly<Record<number, string>> = {
  500: 'internal server error',
  501: 'not implemented',
  502: 'bad gateway',
  503: 'service unavailable',
  504: 'gateway timeout',
  505: 'version not supported',
};
const MAX_SEGMENTS = 8;

/** Method, path without segments that are ids, and the reason: requests of one page are one pattern. */
function patternOf(values: ReadonlyMap<string, string>, status: number, reason: string | undefined): string {
  const path = (values.get('cs-uri-stem') ?? values.get('cs-uri') ?? '').split('?', 1)[0]!;
  const segments = path.split('/').filter((segment) => /^[a-z][a-z._-]*$/i.test(segment));
  const words = [values.get('cs-method') ?? '', ...segments.slice(0, MAX_SEGMENTS), REASONS[status] ?? 'status'];
  return [...words, reason ?? ''].filter((word) => word !== '').join(' ');
}
