// Events of the host in iis-and-sql.ts: connects, failures and names, DNS requests, a worker that runs for a second.
import { TCP_EVENT } from '../../../src/base/event-types.ts';
import { type TcpEventRow, tcpEvents, tcpStatistics } from '../event-tables.ts';
import type { Machine } from './machine.ts';
import type { ExtraReading } from './scenario.ts';

const ORDERS_PID = 3500;
const REFUSED = 0xc000_0236;
const TIMEOUT = 0xc000_00b5;
/** Status and option of DNS requests: ERROR_INVALID_PARAMETER, DNS_QUERY_DUAL_ADDR. */
const INVALID_PARAMETER = 87;
const DUAL = 0x4000;

/** The state of the session after a round. */
function session(round: number): ExtraReading {
  const counts = {
    restarts: 0,
    events: 10 * (round + 1),
    eventsLost: 0,
    buffersLost: 0,
    realTimeBuffersLost: 0,
    dropped: {},
  };
  const providers = ['Microsoft-Windows-TCPIP', 'Microsoft-Windows-DNS-Client', 'Microsoft-Windows-Kernel-Process'];
  return { kind: 'etw', data: { state: 'running', reason: '', providers, ...counts } };
}

function events(rows: readonly TcpEventRow[]): ExtraReading {
  return { kind: 'tcpEvents', data: tcpEvents(rows) };
}

/** One connection to each of two addresses of a name on the internet, and a queue that refuses connections. */
function connects(atMs: number): TcpEventRow[] {
  const shop = { tcb: 0xa000_0000_1000, pid: ORDERS_PID, local: '10.30.1.20:52500', remote: '203.0.113.10:443' };
  const second = { tcb: 0xa000_0000_2000, pid: ORDERS_PID, local: '10.30.1.20:52501', remote: '203.0.113.11:443' };
  const queue = { tcb: 0xa000_0000_3000, remote: '10.30.7.7:5672' };
  const mail = { tcb: 0xa000_0000_4000, pid: ORDERS_PID, local: '10.30.1.20:52502', remote: '198.51.100.25:25' };
  return [
    { ...shop, type: TCP_EVENT.requested, atMs, pid: 0 },
    { ...shop, type: TCP_EVENT.connected, atMs: atMs + 12.5 },
    { ...second, type: TCP_EVENT.requested, atMs: atMs + 20, pid: 0 },
    { ...second, type: TCP_EVENT.connected, atMs: atMs + 27.5 },
    { ...queue, type: TCP_EVENT.requested, atMs: atMs + 30 },
    { type: TCP_EVENT.failed, atMs: atMs + 31, tcb: queue.tcb, pid: ORDERS_PID, status: REFUSED },
    { ...mail, type: TCP_EVENT.named, atMs: atMs + 40, pid: 0, name: 'Mail.Example.Net' },
    { ...mail, type: TCP_EVENT.failed, atMs: atMs + 50, status: TIMEOUT },
    { ...shop, type: TCP_EVENT.retransmitted, atMs: atMs + 60 },
    {
      ...shop,
      type: TCP_EVENT.summary,
      atMs: atMs + 4000,
      pid: 0,
      sentBytes: 1500,
      receivedBytes: 64_000,
      retransmittedBytes: 1460,
      rttUs: 12_000,
      durationMs: 3987,
    },
    // An inbound connection: neither a destination nor a connect of this service.
    {
      type: TCP_EVENT.accepted,
      atMs: atMs + 70,
      tcb: 0xa000_0000_5000,
      pid: ORDERS_PID,
      local: '10.30.1.20:5000',
      remote: '10.30.1.99:50123',
    },
  ];
}

function queries(atMs: number): ExtraReading {
  const query = (name: string, queryType: number, tookMs: number, status: number, results: string, options = 0) => {
    const asks = { pid: ORDERS_PID, name, queryType };
    // Windows sets bit 51 when a lookup completes.
    const completed = status === INVALID_PARAMETER ? options : options + 2 ** 51;
    return [
      { ...asks, type: 'started' as const, atMs, options },
      { ...asks, type: 'completed' as const, atMs: atMs + tookMs, options: completed, status, results },
    ] as const;
  };
  return {
    kind: 'dnsEvents',
    data: [
      ...query('Shop.Example.com', 1, 18, 0, '::ffff:203.0.113.10;::ffff:203.0.113.11;'),
      ...query('shop.example.com.', 28, 2, 9501, ''),
      // A dual lookup, and the request of type A that Windows refuses next to it.
      ...query('mail.example.net', 28, 40, 0, 'type:  5 mx.example.net;::ffff:198.51.100.25;', DUAL),
      ...query('mail.example.net', 1, 0, INVALID_PARAMETER, '', DUAL),
      ...query('shop.example.com.corp.local', 1, 6, 9003, ''),
      ...query('shop.com.au', 1, 300, 0, '::ffff:203.0.113.99;'),
      ...query('7.7.30.10.in-addr.arpa', 12, 1, 9003, ''),
      ...query('gone.example.org', 1, 11_000, 1460, ''),
    ],
  };
}

/** A script that orders-api runs between two process lists. */
function script(host: Machine, atMs: number): ExtraReading {
  const process = { pid: 7777, createdAtMs: atMs, imageName: 'node.exe' };
  return {
    kind: 'processEvents',
    data: [
      { ...process, type: 'started', atMs, parentPid: ORDERS_PID, sessionId: 0 },
      { ...process, type: 'stopped', atMs: host.wallMs - 500, exitCode: 0, cpuMs: 750 },
    ],
  };
}

/** The growing statistics of the long-lived connection to the database. */
function statistics(round: number): ExtraReading {
  const grown = { sentBytes: 4000 * round, receivedBytes: 90_000 * round, retransmittedPackets: round, rttUs: 450 };
  return {
    kind: 'tcpStatistics',
    data: tcpStatistics([{ pid: ORDERS_PID, local: '10.30.1.20:51800', remote: '10.30.1.20:1433', ...grown }]),
  };
}

/** The events of one round, in the order of their sources. */
export function iisAndSqlEvents(round: number, host: Machine): ExtraReading[] {
  const atMs = host.wallMs - 5000;
  if (round === 0) return [session(round)];
  if (round === 1) return [session(round), queries(atMs), events(connects(atMs)), statistics(round)];
  if (round === 2) {
    const short = { tcb: 0xa000_0000_6000, pid: 7777, local: '10.30.1.20:52600', remote: '203.0.113.10:443' };
    return [
      session(round),
      script(host, atMs),
      events([{ ...short, type: TCP_EVENT.connected, atMs: atMs + 100 }]),
      statistics(round),
    ];
  }
  return [session(round), statistics(round)];
}
