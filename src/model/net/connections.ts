// The TCP connections of the host, from three incomplete sources: events, TCP tables and per-connection statistics.
import type { TcpStatisticsTable, TcpTable } from '../../sources/host.ts';
import type { Clock, Now } from '../clock.ts';
import type { NameCache } from '../dns/name-cache.ts';
import type { NameNormaliser } from '../dns/name-normaliser.ts';
import type { DestinationRules } from '../owner/destinations.ts';
import type { Owner, SharedProcessOwners } from '../owner/owner.ts';
import type { ProcessInstances } from '../processes/process-instances.ts';
import type { UnattributedCounts } from '../unattributed.ts';
import type { RowVisitor } from './attribution.ts';
import type { DestinationFilter } from './destination-filter.ts';
import { EventCoverage } from './event-coverage.ts';
import { ConnectionAccounting } from './tracker/accounting.ts';
import { EstablishedRows } from './tracker/established-rows.ts';
import { EstatsAccounting } from './tracker/estats.ts';
import { EstatsDeltas } from './tracker/estats-deltas.ts';
import { TcpEventTracker } from './tracker/events.ts';
import { FlowTable } from './tracker/flow-table.ts';
import { TableScan } from './tracker/scan.ts';

/** What connections are attributed with. */
export interface ConnectionParts {
  readonly clock: Clock;
  readonly filter: DestinationFilter;
  readonly rules: DestinationRules;
  readonly names: NameCache;
  readonly normaliser: NameNormaliser;
  readonly instances: ProcessInstances;
  readonly unattributed: UnattributedCounts;
}

export class Connections implements RowVisitor {
  readonly coverage = new EventCoverage();
  readonly events: TcpEventTracker;
  readonly #accounting: ConnectionAccounting;
  readonly #scan: TableScan;
  readonly #estats: EstatsAccounting;
  #statistics: TcpStatisticsTable | undefined;
  readonly #clock: Clock;

  constructor(parts: ConnectionParts) {
    this.#clock = parts.clock;
    const shared = {
      ...parts,
      flows: new FlowTable(parts.clock),
      rows: new EstablishedRows(),
      estats: new EstatsDeltas(),
    };
    this.#accounting = new ConnectionAccounting(shared);
    this.events = new TcpEventTracker({ ...shared, accounting: this.#accounting });
    this.#scan = new TableScan({ ...shared, accounting: this.#accounting });
    this.#estats = new EstatsAccounting({ ...shared, accounting: this.#accounting, scan: this.#scan });
  }

  /** Connects of all containers that were inferred from the tables. */
  get inferred(): number {
    return this.#scan.inferred;
  }

  /** Receives a reading of the statistics. It is accounted at the end of the next scan, when owners are known. */
  setStatistics(table: TcpStatisticsTable): void {
    this.#statistics = table;
  }

  /** Begins a scan; `isFresh` is false if the tables are those of the last scan. */
  begin(now: Now, isFresh: boolean): void {
    this.events.watchedSinceMonoMs = Math.min(this.events.watchedSinceMonoMs, now.monoMs);
    this.#scan.begin(now, isFresh, isFresh && this.coverage.endInterval());
  }

  row(table: TcpTable, row: number, owners: readonly Owner[]): void {
    this.#scan.row(table, row, owners);
  }

  transient(table: TcpTable, row: number): void {
    this.#scan.transient(table, row);
  }

  /** Ends a scan, after its last row. `listedAtMs` is the time of the process list that the owners come from. */
  end(listedAtMs: number, sharedOwners: SharedProcessOwners): void {
    this.#scan.end();
    this.settle(listedAtMs, sharedOwners);
    const statistics = this.#statistics;
    this.#statistics = undefined;
    // Events report every retransmit.
    const withRetransmits = this.coverage.source.by === 'tables';
    if (statistics) this.#estats.add(statistics, this.#clock.monoMs, withRetransmits, sharedOwners);
  }

  /** Attributes waiting flows; called alone if the tables could not be read. */
  settle(listedAtMs: number, sharedOwners: SharedProcessOwners): void {
    this.#accounting.settle(this.#clock.monoMs, listedAtMs, sharedOwners);
  }
}
