// Adds the growth of long-lived connections, as the TCP stack measures it, to the destinations of their owners.
import type { TcpStatisticsTable } from '../../../sources/host.ts';
import type { DestinationRules } from '../../owner/destinations.ts';
import type { Owner, SharedProcessOwners } from '../../owner/owner.ts';
import type { ProcessInstances } from '../../processes/process-instances.ts';
import type { UnattributedCounts } from '../../unattributed.ts';
import type { DestinationFilter } from '../destination-filter.ts';
import type { ConnectionAccounting } from './accounting.ts';
import type { PreviousScan } from './established-rows.ts';
import type { EstatsDeltas, Growth } from './estats-deltas.ts';
import { ADDRESS_BYTES } from './flow-columns.ts';
import type { FlowTable } from './flow-table.ts';
import type { TableScan } from './scan.ts';
import type { TupleHash } from './tuple-set.ts';

export interface EstatsAccountingParts {
  readonly flows: FlowTable;
  readonly accounting: ConnectionAccounting;
  readonly scan: TableScan;
  readonly rows: PreviousScan;
  readonly estats: EstatsDeltas;
  readonly instances: ProcessInstances;
  readonly filter: DestinationFilter;
  readonly rules: DestinationRules;
  readonly unattributed: UnattributedCounts;
}

export class EstatsAccounting {
  readonly #parts: EstatsAccountingParts;

  constructor(parts: EstatsAccountingParts) {
    this.#parts = parts;
  }

  /** Applies one reading of the statistics. `withRetransmits` is false while events report retransmits. */
  add(table: TcpStatisticsTable, monoMs: number, withRetransmits: boolean, sharedOwners: SharedProcessOwners): void {
    this.#parts.estats.add(table, (row, hash, growth) => {
      if (!withRetransmits) growth.retransmits = 0;
      return this.#account(table, row, hash, growth, monoMs, sharedOwners);
    });
  }

  /** Returns false while direction or owner is unknown. */
  #account(
    table: TcpStatisticsTable,
    row: number,
    hash: TupleHash,
    growth: Growth,
    monoMs: number,
    sharedOwners: SharedProcessOwners,
  ): boolean {
    const { flows, accounting, scan, rows } = this.#parts;
    const number = scan.flowOf(hash);
    const direction = (number < 0 ? undefined : flows.directionOf(number)) ?? rows.directionOf(hash);
    if (!direction) return false;
    if (direction === 'inbound') return true;
    const owners =
      (number < 0 ? undefined : accounting.ownersOf(number)) ?? this.#processOwners(table.pid[row]!, sharedOwners);
    if (!owners) return false;
    this.#addGrowth(table, row, owners, growth, monoMs);
    if (number >= 0) flows.addAccountedBytes(number, growth.sentBytes, growth.receivedBytes);
    return true;
  }

  #processOwners(pid: number, sharedOwners: SharedProcessOwners): readonly Owner[] | undefined {
    const ownership = this.#parts.instances.latestOwner(pid);
    if (ownership.kind === 'shared') return sharedOwners(pid);
    return ownership.kind === 'owners' ? ownership.owners : undefined;
  }

  #addGrowth(table: TcpStatisticsTable, row: number, owners: readonly Owner[], growth: Growth, monoMs: number): void {
    const { filter, rules, unattributed } = this.#parts;
    const { remoteAddress } = table;
    const at = row * ADDRESS_BYTES;
    const port = table.remotePort[row]!;
    const excluded = owners.length === 0 ? 'no_container' : filter.exclusionReason(remoteAddress, at, port);
    if (excluded) {
      const bytes = growth.sentBytes + growth.receivedBytes;
      if (bytes > 0) unattributed.add('bytes', excluded, bytes);
      return;
    }
    for (const { network } of owners) {
      const destination = network.destinations.resolve(remoteAddress, at, port, rules, monoMs);
      destination.sentBytes += growth.sentBytes;
      destination.receivedBytes += growth.receivedBytes;
      destination.retransmits += growth.retransmits;
      if (growth.rttUs > 0) network.destinations.addRtt(remoteAddress, at, port, rules, growth.rttUs, monoMs);
    }
  }
}
