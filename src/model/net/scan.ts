// The scan of the TCP tables in each tick: attributes listeners and connections to their owners.
import type { TcpTable } from '../../sources/host.ts';
import type { Now } from '../clock.ts';
import type { Owner, SharedProcessOwners } from '../owner/owner.ts';
import { attribute, type HostAddresses, type RowOwners } from './attribution.ts';
import type { Connections } from './connections.ts';
import type { DestinationFilter } from './destination-filter.ts';

/** What one scan is based on. */
export interface ScanContext {
  readonly now: Now;
  /** Time of the process list that the owners come from. */
  readonly listedAtMs: number;
  readonly owners: RowOwners;
  readonly allOwners: Iterable<Owner>;
  readonly sharedOwners: SharedProcessOwners;
  readonly addresses: HostAddresses;
}

export class TcpScan {
  readonly #connections: Connections;
  readonly #filter: DestinationFilter;
  #tables: readonly TcpTable[] | undefined;
  /** Whether the tables were read since the last scan. */
  #fresh = false;

  constructor(connections: Connections, filter: DestinationFilter) {
    this.#connections = connections;
    this.#filter = filter;
  }

  /** The last tables; undefined before the first. */
  get tables(): readonly TcpTable[] | undefined {
    return this.#tables;
  }

  setTables(tables: readonly TcpTable[]): void {
    this.#tables = tables;
    this.#fresh = true;
  }

  run({ now, listedAtMs, owners, allOwners, sharedOwners, addresses }: ScanContext): void {
    this.#connections.begin(now, this.#fresh);
    if (this.#tables) {
      const all = [...allOwners];
      const excludesPort = (port: number): boolean => this.#filter.excludesPort(port);
      attribute(this.#tables, all, owners, addresses, excludesPort, this.#connections);
      this.#connections.end(listedAtMs, sharedOwners);
      for (const { network } of all) network.end(now.monoMs);
    } else this.#connections.settle(listedAtMs, sharedOwners);
    this.#fresh = false;
  }
}
