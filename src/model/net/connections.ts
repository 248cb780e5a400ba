// The connections of the host: what events, tables and statistics say of them, put together at each look.
import type { TcpStatisticsTable, TcpTable } from '../../sources/host.ts';
import type { NameCache } from '../dns/name-cache.ts';
import type { NameNormaliser } from '../dns/name-normaliser.ts';
import type { DestinationRules } from '../owner/destinations.ts';
import type { Owner, SharedProcessOwners } from '../owner/owner.ts';
import type { ProcessInstances } from '../processes/process-instances.ts';
import type { UnattributedCounts } from '../unattributed.ts';
import type { DestinationFilter } from './destination-filter.ts';
import { EventCoverage } from './event-coverage.ts';
import { ConnectionAccounting, type Direction } from './tracker/connection-accounting.ts';
import { directionIn, EstablishedRows, isUndecided, wasInferred } from './tracker/established-rows.ts';
import { EstatsDeltas, type Growth } from './tracker/estats-deltas.ts';
import { TcpEventTracker } from './tracker/tcp-event-tracker.ts';
import { TupleHash, TupleSet } from './tracker/tuple-set.ts';

const WIDTH = 16;
/** MIB_TCP_STATE: from here on a connection ends. */
const FIN_WAIT_1 = 6;

/** What connections are attributed with. */
export interface ConnectionParts {
  readonly filter: DestinationFilter;
  readonly rules: DestinationRules;
  readonly names: NameCache;
  readonly normaliser: NameNormaliser;
  readonly instances: ProcessInstances;
  readonly unattributed: UnattributedCounts;
}

export class Connections {
  readonly coverage = new EventCoverage();
  /** Connects that the tables stood in for, of all containers. */
  inferred = 0;
  readonly events: TcpEventTracker;
  readonly #accounting: ConnectionAccounting;
  readonly #filter: DestinationFilter;
  readonly #rules: DestinationRules;
  readonly #unattributed: UnattributedCounts;
  readonly #instances: ProcessInstances;
  readonly #rows = new EstablishedRows();
  readonly #estats = new EstatsDeltas();
  #statistics: TcpStatisticsTable | undefined;
  readonly #hash = new TupleHash();
  readonly #lookup = { hash: this.#hash, number: -1 };
  /** Connections of the events by their ends, for one look. */
  readonly #known = new TupleSet();
  #numbers: number[] = [];
  #listed = new Uint8Array(0);
  /** A row of IPv4, mapped into IPv6. */
  readonly #mapped = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0]);
  readonly #mappedLocal = Uint8Array.from(this.#mapped);
  #fresh = false;
  #infers = false;
  #nowMs = 0;

  constructor(parts: ConnectionParts) {
    this.#filter = parts.filter;
    this.#rules = parts.rules;
    this.#instances = parts.instances;
    this.#unattributed = parts.unattributed;
    this.#accounting = new ConnectionAccounting({ ...parts, rows: this.#rows });
    this.events = new TcpEventTracker({
      ...parts,
      accounting: this.#accounting,
      rows: this.#rows,
      estats: this.#estats,
    });
  }

  setStatistics(table: TcpStatisticsTable): void {
    this.#statistics = table;
  }

  /** Begins a look; `fresh` is false when the tables are those of the last one. */
  begin(nowMs: number, fresh: boolean): void {
    this.#nowMs = nowMs;
    this.events.watchedSinceMs = Math.min(this.events.watchedSinceMs, nowMs);
    this.#fresh = fresh;
    // The first look shows what was there before, not what began.
    this.#infers = fresh && !this.coverage.look() && this.#rows.scans > 0;
    this.#rows.begin();
    this.#known.clear();
    this.#numbers = [];
    this.#accounting.connections.each((number) => {
      // Another connection may have its ends by now.
      if (this.#accounting.isFinal(number)) return;
      const place = this.#known.add(this.#accounting.tupleHashOf(number));
      this.#numbers[place] = number;
    });
    if (this.#listed.length < this.#known.size) this.#listed = new Uint8Array(this.#known.size * 2);
    this.#listed.fill(0);
  }

  /** One established row. */
  row(table: TcpTable, row: number, owners: readonly Owner[]): void {
    const width = table.family === 4 ? 4 : 16;
    const { hash, number } = this.#find(table, row);
    const pid = table.pid[row]!;
    const recalled = this.#rows.recall(hash, pid);
    const direction = this.#directionOf(table, row, width, number, recalled, owners);
    const isNew = number < 0 && (recalled < 0 ? this.#infers : isUndecided(recalled));
    let inferred = wasInferred(recalled);
    if (direction === 'outbound' && owners.length > 0 && this.#count(table, row, width, owners, isNew))
      inferred ||= isNew;
    this.#rows.add(
      hash,
      pid,
      direction,
      inferred ? 'inferred' : isNew && owners.length === 0 ? 'undecided' : 'reported',
    );
    if (number >= 0 && direction && owners.length > 0 && owners.every(isContainer)) {
      this.#accounting.adopt(number, owners, direction === 'outbound');
    }
  }

  /** One row on the way up or down: nobody's connection in the metrics, but there. */
  transient(table: TcpTable, row: number): void {
    const { hash } = this.#find(table, row);
    if (table.state[row]! >= FIN_WAIT_1) this.#rows.keep(hash, table.pid[row]!);
  }

  /** The connection of a row, by its ends; the same object each time. */
  #find(table: TcpTable, row: number): Readonly<{ hash: TupleHash; number: number }> {
    const { localAddress, localPort, remoteAddress, remotePort } = table;
    const width = table.family === 4 ? 4 : 16;
    this.#hash.of(localAddress, localPort[row]!, remoteAddress, remotePort[row]!, row, width);
    const place = this.#known.size === 0 ? -1 : this.#known.find(this.#hash);
    if (place >= 0) this.#listed[place] = 1;
    this.#lookup.number = place < 0 ? -1 : this.#numbers[place]!;
    return this.#lookup;
  }

  /**
   * By what events said, else by the last look, else by who listens: a listener may have gone, and its connections have stayed.
   * Undefined where nobody knows whose it is.
   */
  #directionOf(
    table: TcpTable,
    row: number,
    width: number,
    number: number,
    recalled: number,
    owners: readonly Owner[],
  ): Direction | undefined {
    const told = number < 0 ? undefined : this.#accounting.directionOf(number);
    const known = told ?? directionIn(recalled);
    if (known || owners.length === 0) return known;
    const port = table.localPort[row]!;
    const at = width === 4 ? this.#map(table.localAddress, row, this.#mappedLocal) : row * WIDTH;
    for (const owner of owners) {
      if (owner.network.listensOn(port, width === 4 ? this.#mappedLocal : table.localAddress, at)) return 'inbound';
    }
    return 'outbound';
  }

  /** Counts an outbound connection as active, and as a connect when nobody else did; false when it is left out. */
  #count(table: TcpTable, row: number, width: number, owners: readonly Owner[], isNew: boolean): boolean {
    const port = table.remotePort[row]!;
    const at = width === 4 ? this.#map(table.remoteAddress, row, this.#mapped) : row * WIDTH;
    const address = width === 4 ? this.#mapped : table.remoteAddress;
    const skip = this.#filter.exclusionReason(address, at, port);
    if (skip) {
      if (isNew) this.#unattributed.add('connect', skip);
      return false;
    }
    // Ten thousand times a look: no iterator for each.
    for (let i = 0; i < owners.length; i++) {
      const destination = owners[i]!.network.destinations.countActive(address, at, port, this.#rules, this.#nowMs);
      if (!isNew) continue;
      destination.successful++;
      destination.inferred++;
    }
    if (isNew && owners.some(isContainer)) this.inferred++;
    else if (isNew) this.#unattributed.add('connect', 'shared process');
    return true;
  }

  #map(bytes: Uint8Array, row: number, to: Uint8Array): number {
    for (let i = 0; i < 4; i++) to[12 + i] = bytes[row * 4 + i]!;
    return 0;
  }

  /** Ends a look, after all its rows. `listedAtMs` is when the processes that it goes by were listed. */
  end(listedAtMs: number, sharedOwners: SharedProcessOwners): void {
    this.#rows.end(this.#nowMs);
    // Old tables say nothing of what has come and gone since.
    for (let place = 0; place < this.#known.size && this.#fresh; place++) {
      if (this.#listed[place] === 0) this.#accounting.markUnlisted(this.#numbers[place]!);
      else this.#accounting.markListed(this.#numbers[place]!);
    }
    this.settle(listedAtMs, sharedOwners);
    this.#accountGrowth(sharedOwners);
  }

  /** Without tables: what waits goes to its owners all the same. */
  settle(listedAtMs: number, sharedOwners: SharedProcessOwners): void {
    this.#accounting.settle(this.#nowMs, listedAtMs, sharedOwners);
  }

  /** Growth of connections that live for long. */
  #accountGrowth(sharedOwners: SharedProcessOwners): void {
    const table = this.#statistics;
    this.#statistics = undefined;
    if (!table) return;
    // Events tell of every segment that is sent again.
    const retransmits = this.coverage.source.by === 'tables';
    this.#estats.add(table, (row, hash, growth) => {
      const place = this.#known.find(hash);
      const number = place < 0 ? -1 : this.#numbers[place]!;
      const known = number < 0 ? undefined : this.#accounting.ownersOf(number);
      const direction = (number < 0 ? undefined : this.#accounting.directionOf(number)) ?? this.#rows.directionOf(hash);
      if (!direction) return false;
      if (direction === 'inbound') return true;
      const owners = known ?? this.#ownersOf(table.pid[row]!, sharedOwners);
      if (!owners) return false;
      this.#addGrowth(table, row, owners, growth, retransmits);
      if (number >= 0) this.#accounting.addAccountedBytes(number, growth);
      return true;
    });
  }

  #ownersOf(pid: number, sharedOwners: SharedProcessOwners): readonly Owner[] | undefined {
    const ownership = this.#instances.latestOwner(pid);
    if (ownership.kind === 'shared') return sharedOwners(pid);
    return ownership.kind === 'owners' ? ownership.owners : undefined;
  }

  #addGrowth(
    table: TcpStatisticsTable,
    row: number,
    owners: readonly Owner[],
    growth: Growth,
    retransmits: boolean,
  ): void {
    const { remoteAddress } = table;
    const at = row * WIDTH;
    const port = table.remotePort[row]!;
    const left = owners.length === 0 ? 'no container' : this.#filter.exclusionReason(remoteAddress, at, port);
    if (left) {
      const bytes = growth.sentBytes + growth.receivedBytes;
      if (bytes > 0) this.#unattributed.add('bytes', left, bytes);
      return;
    }
    for (const { network } of owners) {
      const { destinations } = network;
      const destination = destinations.resolve(remoteAddress, at, port, this.#rules, this.#nowMs);
      destination.sentBytes += growth.sentBytes;
      destination.receivedBytes += growth.receivedBytes;
      if (retransmits) destination.retransmits += growth.retransmits;
      if (growth.rttUs > 0) destinations.addRtt(remoteAddress, at, port, this.#rules, growth.rttUs, this.#nowMs);
    }
  }
}

function isContainer({ role }: Owner): boolean {
  return role === 'container';
}
