// A host model with one service for tests of connections, which receives tables, events and statistics scan by scan.

import type { HostModel, ModelOptions } from '../../src/model/host-model.ts';
import type { Destination } from '../../src/model/owner/destination.ts';
import type { DnsEventRecord, EtwSessionRecord, ProcessEventRecord } from '../../src/sources/host.ts';
import { type TcpEventRow, type TcpStatisticsRow, tcpEvents, tcpStatistics } from './event-tables.ts';
import { aModel, containerOf, HOUR_MS, round, wall, web } from './model.ts';
import { anAdapter, observation, type ProcessRow, type TcpRow, tcpTable } from './observations.ts';

export const LOCAL = '10.0.0.5:50000';
/** The database of the service. */
export const REMOTE = '10.0.0.9:5432';
const born = { createdAtMs: wall(-HOUR_MS) };
/** The service `web` has pid 100; pid 900 belongs to no container. */
export const processes = [
  { pid: 100, ...born },
  { pid: 900, ...born },
];
/** An established connection of the service. */
export const row: TcpRow = { local: LOCAL, remote: REMOTE, pid: 100 };

/** A running session unless `values` say otherwise. */
export const session = (values: Partial<EtwSessionRecord> = {}): EtwSessionRecord => ({
  state: 'running',
  reason: '',
  providers: ['Microsoft-Windows-TCPIP'],
  restarts: 0,
  events: 0,
  eventsLost: 0,
  buffersLost: 0,
  realTimeBuffersLost: 0,
  dropped: {},
  ...values,
});

export class ConnectionFixture {
  readonly model: HostModel;
  atMs = 0;

  constructor(options: Partial<ModelOptions> = {}) {
    this.model = aModel(options);
  }

  scan(rows: readonly TcpRow[], list: readonly ProcessRow[] = processes): this {
    round(this.model, this.atMs, {
      services: [web()],
      processes: list,
      adapters: [anAdapter()],
      tcp: [tcpTable(4, rows)],
    });
    this.atMs += 15_000;
    return this;
  }

  /** One scan while the TCP tables cannot be read. */
  scanWithoutTables(list: readonly ProcessRow[] = processes): this {
    round(this.model, this.atMs, { services: [web()], processes: list, tcp: 'fails' });
    this.atMs += 15_000;
    return this;
  }

  etw(values: Partial<EtwSessionRecord> = {}): this {
    this.model.observe(observation('etw', session(values), { atMs: this.atMs }));
    return this;
  }

  events(...rows: TcpEventRow[]): this {
    const filled = rows.map((each) => ({
      atMs: wall(this.atMs - 5000),
      tcb: 16,
      pid: 100,
      local: LOCAL,
      remote: REMOTE,
      ...each,
    }));
    this.model.observe(observation('tcpEvents', tcpEvents(filled), { atMs: this.atMs }));
    return this;
  }

  statistics(...rows: Partial<TcpStatisticsRow>[]): this {
    const filled = rows.map((each) => ({ pid: 100, local: LOCAL, remote: REMOTE, ...each }));
    this.model.observe(observation('tcpStatistics', tcpStatistics(filled), { atMs: this.atMs }));
    return this;
  }

  dns(...events: DnsEventRecord[]): this {
    this.model.observe(observation('dnsEvents', events, { atMs: this.atMs }));
    return this;
  }

  processEvents(...events: ProcessEventRecord[]): this {
    this.model.observe(observation('processEvents', events, { atMs: this.atMs }));
    return this;
  }

  /** `destination active successful inferred failed` of each destination, in the order of creation. */
  get counts(): string[] {
    return this.destinations.map(
      ({ destination, active, successful, inferred, failed }) =>
        `${destination} ${active} ${successful} ${inferred} ${failed}`,
    );
  }

  get destinations(): readonly Destination[] {
    return containerOf(this.model).network.destinations.values();
  }

  /** Sent and received bytes of each destination. */
  get bytes(): [sent: number, received: number][] {
    return this.destinations.map(({ sentBytes, receivedBytes }) => [sentBytes, receivedBytes]);
  }

  get unattributed(): Record<string, number> {
    return Object.fromEntries(
      [...this.model.unattributed.all()].map(({ kind, reason, count }) => [`${kind}: ${reason}`, count]),
    );
  }
}
