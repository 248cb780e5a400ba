// Matches rows of the TCP tables with flows, counts active connections, and infers connects that no event reported.
import type { TcpTable } from '../../../sources/host.ts';
import type { Now } from '../../clock.ts';
import type { DestinationRules } from '../../owner/destinations.ts';
import type { Owner } from '../../owner/owner.ts';
import type { UnattributedCounts } from '../../unattributed.ts';
import type { RowVisitor } from '../attribution.ts';
import type { DestinationFilter } from '../destination-filter.ts';
import type { ConnectionAccounting } from './accounting.ts';
import { directionIn, type EstablishedRows, type Finding, isUndecided, wasInferred } from './established-rows.ts';
import { ADDRESS_BYTES } from './flow-columns.ts';
import type { Direction } from './flow-states.ts';
import type { FlowTable } from './flow-table.ts';
import { TupleHash, TupleSet } from './tuple-set.ts';

/** MIB_TCP_STATE: this and higher states are those of a closing connection. */
const FIN_WAIT_1 = 6;

export interface TableScanParts {
  readonly flows: FlowTable;
  readonly accounting: ConnectionAccounting;
  readonly rows: EstablishedRows;
  readonly filter: DestinationFilter;
  readonly rules: DestinationRules;
  readonly unattributed: UnattributedCounts;
}

export class TableScan implements RowVisitor {
  /** Connects of all containers that were inferred from the tables. */
  inferred = 0;
  readonly #parts: TableScanParts;
  readonly #hash = new TupleHash();
  readonly #lookup = { hash: this.#hash, number: -1 };
  /** Open flows by 4-tuple, with their numbers in `#numbers`; valid during one scan. */
  readonly #tuples = new TupleSet();
  #numbers: number[] = [];
  /** 1 for each entry of `#tuples` that a row has shown. */
  #listed = new Uint8Array(0);
  readonly #mappedRemote = mappedAddress();
  readonly #mappedLocal = mappedAddress();
  #isFresh = false;
  #infers = false;
  #now: Now = { monoMs: 0, wallMs: 0 };

  constructor(parts: TableScanParts) {
    this.#parts = parts;
  }

  /**
   * Begins a scan. `isFresh` is false if the tables are those of the last scan. `isCovered` is true if events have
   * reported every connect since then.
   */
  begin(now: Now, isFresh: boolean, isCovered: boolean): void {
    const { flows, rows } = this.#parts;
    this.#now = now;
    this.#isFresh = isFresh;
    // Connections in the first scan may be older than the agent.
    this.#infers = isFresh && !isCovered && rows.scans > 0;
    rows.begin();
    this.#tuples.clear();
    this.#numbers = [];
    flows.each((number) => {
      // Another connection may have the 4-tuple of a final flow.
      if (!flows.isFinal(number)) this.#numbers[this.#tuples.add(flows.tupleHashOf(number))] = number;
    });
    if (this.#listed.length < this.#tuples.size) this.#listed = new Uint8Array(this.#tuples.size * 2);
    this.#listed.fill(0);
  }

  /** Applies an established row; `owners` may be empty. */
  row(table: TcpTable, row: number, owners: readonly Owner[]): void {
    const { rows, accounting } = this.#parts;
    const { hash, number } = this.#find(table, row);
    const pid = table.pid[row]!;
    const recalled = rows.recall(hash, pid);
    const direction = this.#directionOf(table, row, number, recalled, owners);
    const isNew = number < 0 && (recalled < 0 ? this.#infers : isUndecided(recalled));
    const isCounted = direction === 'outbound' && owners.length > 0 && this.#countActive(table, row, owners, isNew);
    let finding: Finding = 'reported';
    if (wasInferred(recalled) || (isCounted && isNew)) finding = 'inferred';
    else if (isNew && owners.length === 0) finding = 'undecided';
    rows.add(hash, pid, direction, finding);
    if (number >= 0 && direction && owners.length > 0 && owners.every(isContainer)) {
      accounting.adopt(number, owners, direction);
    }
  }

  /** Applies a row in another state between SYN_SENT and LAST_ACK. It is not counted as active. */
  transient(table: TcpTable, row: number): void {
    const { hash } = this.#find(table, row);
    if (table.state[row]! >= FIN_WAIT_1) this.#parts.rows.keep(hash, table.pid[row]!);
  }

  /** Ends a scan, after its last row. */
  end(): void {
    this.#parts.rows.end(this.#now.wallMs);
    // Tables of the last scan say nothing about flows that began or ended since.
    if (!this.#isFresh) return;
    for (let i = 0; i < this.#tuples.size; i++) {
      if (this.#listed[i] === 0) this.#parts.accounting.markUnlisted(this.#numbers[i]!);
      else this.#parts.accounting.markListed(this.#numbers[i]!);
    }
  }

  /** The open flow with this 4-tuple at the begin of the scan, -1 if there is none. */
  flowOf(hash: TupleHash): number {
    const index = this.#tuples.find(hash);
    return index < 0 ? -1 : this.#numbers[index]!;
  }

  /** The flow of a row, marked as listed and with the process of the row if none is known; always the same object. */
  #find(table: TcpTable, row: number): Readonly<{ hash: TupleHash; number: number }> {
    const { localAddress, localPort, remoteAddress, remotePort } = table;
    const width = table.family === 4 ? 4 : ADDRESS_BYTES;
    this.#hash.of(localAddress, localPort[row]!, remoteAddress, remotePort[row]!, row, width);
    const index = this.#tuples.size === 0 ? -1 : this.#tuples.find(this.#hash);
    if (index >= 0) this.#listed[index] = 1;
    const number = index < 0 ? -1 : this.#numbers[index]!;
    if (number >= 0 && this.#isFresh) this.#parts.flows.learnPid(number, table.pid[row]!, this.#now.wallMs);
    this.#lookup.number = number;
    return this.#lookup;
  }

  /**
   * By events, else by the last scan, else by the listeners of the owners. The last scan comes first because a listener
   * may close before its connections. Undefined without an owner.
   */
  #directionOf(
    table: TcpTable,
    row: number,
    number: number,
    recalled: number,
    owners: readonly Owner[],
  ): Direction | undefined {
    const byEvents = number < 0 ? undefined : this.#parts.flows.directionOf(number);
    const direction = byEvents ?? directionIn(recalled);
    if (direction || owners.length === 0) return direction;
    const isIpv4 = table.family === 4;
    const address = isIpv4 ? this.#mappedLocal : table.localAddress;
    const at = isIpv4 ? mapAddress(table.localAddress, row, this.#mappedLocal) : row * ADDRESS_BYTES;
    for (const { network } of owners) if (network.listensOn(table.localPort[row]!, address, at)) return 'inbound';
    return 'outbound';
  }

  /**
   * Counts an outbound connection as active, and as a connect if it is new. Returns false if the destination is
   * excluded.
   */
  #countActive(table: TcpTable, row: number, owners: readonly Owner[], isNew: boolean): boolean {
    const { filter, rules, unattributed } = this.#parts;
    const isIpv4 = table.family === 4;
    const address = isIpv4 ? this.#mappedRemote : table.remoteAddress;
    const at = isIpv4 ? mapAddress(table.remoteAddress, row, this.#mappedRemote) : row * ADDRESS_BYTES;
    const port = table.remotePort[row]!;
    const excluded = filter.exclusionReason(address, at, port);
    if (excluded) {
      if (isNew) unattributed.add('connect', excluded);
      return false;
    }
    // An index instead of an iterator, which would be allocated for each of 10,000 rows.
    for (let i = 0; i < owners.length; i++) {
      const destination = owners[i]!.network.destinations.countActive(address, at, port, rules, this.#now.monoMs);
      if (!isNew) continue;
      destination.successful++;
      destination.inferred++;
    }
    if (isNew && owners.some(isContainer)) this.inferred++;
    else if (isNew) unattributed.add('connect', 'shared_process');
    return true;
  }
}

function isContainer({ role }: Owner): boolean {
  return role === 'container';
}

/** An IPv4-mapped IPv6 address. */
function mappedAddress(): Uint8Array {
  return Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0]);
}

/** Writes the IPv4 address of a row into a mapped address and returns its offset, which is 0. */
function mapAddress(bytes: Uint8Array, row: number, to: Uint8Array): number {
  for (let i = 0; i < 4; i++) to[12 + i] = bytes[row * 4 + i]!;
  return 0;
}
