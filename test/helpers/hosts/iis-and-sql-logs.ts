// Logs of the host in iis-and-sql.ts: events of SQL Server and Windows, and files of IIS and the .NET application.
import type { EventRecord, FileMessages } from '../../../src/sources/host.ts';
import { channelProblems } from '../../../src/sources/logs/log-problems.ts';
import type { Machine } from './machine.ts';
import type { ExtraReading } from './scenario.ts';

const LOGINS = '6a5a7f5a1b8c0a4e2f9d3c7b8e1f2a30';
const IIS_SOURCE = 'C:\\inetpub\\logs\\LogFiles\\W3SVC1\\*.log';
const APP_SOURCE = 'C:\\Apps\\orders\\logs\\*.log';

function channels(round: number): ExtraReading {
  const common = { dropped: {}, resubscribed: 0, invalidPositions: 0 };
  const security = { ...common, channel: 'Security', read: 0, lag: 0, skipped: 0 };
  const data = [
    { ...common, channel: 'Application', read: 3 * round, lag: 0, skipped: round > 2 ? 12 : 0 },
    { ...common, channel: 'System', read: round, lag: round === 1 ? 40 : 0, skipped: 0 },
    ...(round > 1 ? [{ ...security, problem: 'EvtQuery: access denied (5)', code: 5 }] : []),
  ];
  return { kind: 'eventChannels', data, degraded: channelProblems(data) };
}

function files(round: number): ExtraReading {
  const common = { lostBytes: 0, dropped: {} };
  const iis = { ...common, service: 'W3SVC', source: IIS_SOURCE, lagBytes: 0 };
  return {
    kind: 'logFiles',
    data: [
      { ...iis, path: 'C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex260101.log', state: 'reading', readBytes: 900 * round },
      {
        ...common,
        service: 'orders-api',
        source: APP_SOURCE,
        path: 'C:\\Apps\\orders\\logs\\orders.log',
        state: round === 0 ? 'waiting' : 'reading',
        readBytes: 4000 * round,
        lagBytes: round === 2 ? 70_000 : 0,
        lostBytes: round > 2 ? 512 : 0,
        dropped: round > 2 ? { long_line: 1 } : {},
      },
    ],
  };
}

function event(host: Machine, recordId: number, values: Partial<EventRecord>): EventRecord {
  return {
    channel: 'Application',
    provider: 'MSSQLSERVER',
    eventId: 18_456,
    recordId: String(recordId),
    level: 'error',
    atMs: host.wallMs - 4000,
    nanoseconds: 0,
    message: '',
    ...values,
  };
}

/** A failed login, an informational event, and the crash of a program that is no container. */
function events(round: number, host: Machine): ExtraReading {
  const user = round === 1 ? 'reporting' : 'backup';
  return {
    kind: 'eventRecords',
    data: [
      event(host, 5000 + 3 * round, {
        message:
          `Login failed for user '${user}'. Reason: Password did not match that for the login provided. ` +
          `[CLIENT: 10.30.1.${70 + round}]`,
      }),
      event(host, 5001 + 3 * round, {
        eventId: 17_137,
        level: 'info',
        nanoseconds: 123_400,
        message: "Starting up database 'orders'.",
      }),
      event(host, 900 + round, {
        channel: 'System',
        provider: 'Microsoft-Windows-WindowsUpdateClient',
        eventId: 20,
        message: 'Installation Failure: Windows failed to install the following update with error 0x80240017.',
      }),
    ],
  };
}

function messages(round: number, host: Machine): ExtraReading {
  const atMs = host.wallMs - 3000;
  const times = { firstAtMs: atMs, lastAtMs: atMs };
  const body = 'fail: Orders.Store[0] the queue orders-out is not reachable';
  const hash = '4d0b4a9d1f0c6b0f3a9b3c6f2a7e5d10';
  const orders: FileMessages = {
    service: 'Orders-API',
    source: APP_SOURCE,
    counted: [{ level: 'error', hash, ...(round === 1 ? { sample: body } : {}), count: 2, ...times }],
    records: [
      { atMs, nanoseconds: 0, level: 'error', body, attributes: { 'pattern.hash': hash, 'order.region': 'eu' } },
    ],
    dropped: round === 2 ? { rate_limit: 1 } : {},
  };
  const iis: FileMessages = {
    service: 'W3SVC',
    source: IIS_SOURCE,
    counted: [
      { level: 'info', hash: '', count: 20, ...times },
      { level: 'error', hash: LOGINS, ...(round === 1 ? { sample: 'GET /orders 500' } : {}), count: 1, ...times },
    ],
    records: [],
    dropped: {},
  };
  const node: FileMessages = {
    source: 'C:\\Windows\\Logs\\*.log',
    counted: [{ level: 'unknown', hash: '', count: 1, ...times }],
    records: [],
    dropped: {},
  };
  return { kind: 'fileMessages', data: [orders, iis, node] };
}

/** The logs of one round. */
export function iisAndSqlLogs(round: number, host: Machine): ExtraReading[] {
  const state = [channels(round), files(round)];
  return round === 0 ? state : [...state, events(round, host), messages(round, host)];
}
