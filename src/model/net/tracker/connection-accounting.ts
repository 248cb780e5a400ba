// Gives connections to the containers of their processes and counts them there, at once or when somebody knows whose they are.
import type { Destination } from '../../owner/destination.ts';
import type { DestinationRules } from '../../owner/destinations.ts';
import { type Owner, type Ownership, type SharedProcessOwners, UNKNOWN } from '../../owner/owner.ts';
import type { ProcessInstances } from '../../processes/process-instances.ts';
import type { UnattributedCounts } from '../../unattributed.ts';
import type { DestinationFilter } from '../destination-filter.ts';
import { ConnectionTable, KNOWN } from './connection-table.ts';
import { TupleHash } from './tuple-set.ts';

const WIDTH = 16;
/** A connection that ends keeps its place for its summary so long. */
const LINGER_MS = 30_000;
/** Ticks that a connection waits for its process to be known, and looks that may miss one that should stand. */
const MAX_MISSED = 4;
/** Connections that wait at the same time. */
const MAX_WAITING = 131_072;
/** It has ended, and its last summary has come. */
const OVER = KNOWN.closing | KNOWN.summarised;

/** Which way a connection was made, seen from this host. */
export type Direction = 'outbound' | 'inbound';

/** What the looks at the TCP tables know of a connection. */
export interface PreviousScan {
  /** Whether it has been counted because it showed up in a table, as this process's. */
  isInferred(hash: TupleHash, pid: number): boolean;
  /** Direction by the last look; undefined for a connection that it did not show. */
  directionOf(hash: TupleHash): Direction | undefined;
  /** Process by the last look, 0 when unknown. */
  pidOf(hash: TupleHash): number;
  /** Time of the last look, 0 before the first. */
  readonly scannedAtMs: number;
}

export interface AccountingParts {
  readonly instances: ProcessInstances;
  readonly filter: DestinationFilter;
  readonly rules: DestinationRules;
  readonly rows: PreviousScan;
  readonly unattributed: UnattributedCounts;
}

export class ConnectionAccounting {
  readonly connections = new ConnectionTable();
  readonly #parts: AccountingParts;
  readonly #hash = new TupleHash();
  /** Numbers of connections whose owners nobody knows yet; some may have gone since. */
  #waiting: number[] = [];

  constructor(parts: AccountingParts) {
    this.#parts = parts;
  }

  /** A look at the tables has shown whose a connection is that no event told. */
  adopt(number: number, owners: readonly Owner[], outbound: boolean): void {
    const { connections } = this;
    if ((connections.known[number]! & (KNOWN.outbound | KNOWN.inbound)) === 0) {
      connections.known[number]! |= outbound ? KNOWN.outbound : KNOWN.inbound;
    }
    if (connections.owners[number] === undefined && (connections.known[number]! & KNOWN.inbound) === 0)
      this.#count(number, owners);
  }

  /** Counts a connection where it belongs, or lets it wait until somebody knows. */
  attribute(number: number): void {
    const { connections } = this;
    // A service may be told of a little later than its process.
    const known = this.ownersOf(number) ?? this.#knownOwners(number);
    if (known) {
      this.#count(number, known);
      return;
    }
    if ((connections.known[number]! & KNOWN.waiting) !== 0) return;
    if (this.#waiting.length >= MAX_WAITING) {
      this.#countUnattributed(number, 'too many');
      return;
    }
    connections.known[number]! |= KNOWN.waiting;
    this.#waiting.push(number);
  }

  /** Owners by the process, else as they were; undefined while they are unknown or differ between connections. */
  #knownOwners(number: number): readonly Owner[] | undefined {
    const ownership = this.#ownership(number);
    if (ownership.kind === 'owners') return ownership.owners;
    return ownership.kind === 'unknown' ? this.connections.owners[number] : undefined;
  }

  #ownership(number: number): Ownership {
    const pid = this.connections.pid[number]!;
    return pid === 0 ? UNKNOWN : this.#parts.instances.ownerAt(pid, this.connections.pidAtMs[number]!);
  }

  /** Counts what is known of a connection and not counted yet. */
  #count(number: number, owners: readonly Owner[]): void {
    const { connections } = this;
    connections.owners[number] = owners;
    connections.known[number]! &= ~KNOWN.waiting;
    if (owners.length === 0) {
      this.#countUnattributed(number, 'no container');
      return;
    }
    const known = connections.known[number]!;
    const tells = (known & KNOWN.counted) === 0;
    if (!this.#isOutbound(number, owners)) {
      connections.known[number]! |= KNOWN.counted;
      return;
    }
    const atMs = connections.atMs[number]!;
    const address = connections.remote;
    const at = number * WIDTH;
    const port = connections.remotePort[number]!;
    const left = port === 0 ? 'no address' : this.#parts.filter.exclusionReason(address, at, port);
    if (left) {
      this.#countUnattributed(number, left);
      return;
    }
    connections.known[number]! |= KNOWN.counted;
    let destinations = connections.destinations[number];
    if (!destinations?.every(isKept)) {
      destinations = owners.map((owner) =>
        owner.network.destinations.resolve(address, at, port, this.#parts.rules, atMs, connections.name[number]),
      );
      connections.destinations[number] = destinations;
    }
    for (let i = 0; i < destinations.length; i++) this.#add(number, destinations[i]!, tells, known);
    if (connections.rttUs[number] !== 0) {
      for (const owner of owners)
        owner.network.destinations.addRtt(address, at, port, this.#parts.rules, connections.rttUs[number]!, atMs);
    }
    connections.retransmits[number] = 0;
    connections.resets[number] = 0;
    connections.sentBytes[number] = 0;
    connections.receivedBytes[number] = 0;
    connections.rttUs[number] = 0;
  }

  /** What is not counted of a connection is in no container's counts. */
  #countUnattributed(number: number, reason: string): void {
    const { connections } = this;
    const { unattributed } = this.#parts;
    if ((connections.known[number]! & KNOWN.counted) === 0) unattributed.add('connect', reason);
    connections.known[number]! |= KNOWN.counted;
    const bytes = connections.sentBytes[number]! + connections.receivedBytes[number]!;
    if (bytes > 0) unattributed.add('bytes', reason, bytes);
    connections.sentBytes[number] = 0;
    connections.receivedBytes[number] = 0;
  }

  /** The statistics have told of these bytes, and they are counted. */
  addAccountedBytes(
    number: number,
    { sentBytes, receivedBytes }: { readonly sentBytes: number; readonly receivedBytes: number },
  ): void {
    this.connections.accountedSentBytes[number]! += sentBytes;
    this.connections.accountedReceivedBytes[number]! += receivedBytes;
  }

  /** Counts a retransmitted segment. */
  countRetransmit(number: number): void {
    this.#countSegment(number, 'retransmits');
  }

  /** Counts a reset by the remote host. */
  countReset(number: number): void {
    this.#countSegment(number, 'resets');
  }

  /** Without a current destination the count waits in the table. */
  #countSegment(number: number, count: 'retransmits' | 'resets'): void {
    const destinations = this.connections.destinations[number];
    if (!destinations?.every(isKept)) this.connections[count][number]!++;
    else for (const destination of destinations) destination[count]++;
  }

  #add(number: number, destination: Destination, tells: boolean, known: number): void {
    const { connections } = this;
    const atMs = connections.atMs[number]!;
    destination.use(atMs);
    if (tells && (known & KNOWN.failed) !== 0) destination.fail(connections.status[number]!, atMs);
    else if (tells && (known & KNOWN.connected) !== 0) {
      destination.successful++;
      if (connections.connectMs[number]! >= 0) {
        destination.connectMs += connections.connectMs[number]!;
        destination.timed++;
      }
    }
    destination.retransmits += connections.retransmits[number]!;
    destination.resets += connections.resets[number]!;
    destination.sentBytes += connections.sentBytes[number]!;
    destination.receivedBytes += connections.receivedBytes[number]!;
  }

  /** By what events said, else by the tables, else by the listeners. */
  #isOutbound(number: number, owners: readonly Owner[]): boolean {
    const { connections } = this;
    const known = connections.known[number]!;
    if ((known & KNOWN.outbound) !== 0) return true;
    if ((known & KNOWN.inbound) !== 0) return false;
    const direction = this.#parts.rows.directionOf(this.tupleHashOf(number));
    if (direction) return direction === 'outbound';
    return !owners.some((owner) =>
      owner.network.listensOn(connections.localPort[number]!, connections.local, number * WIDTH),
    );
  }

  /** Which way a connection goes, as events said. */
  directionOf(number: number): Direction | undefined {
    const known = this.connections.known[number]!;
    if ((known & KNOWN.outbound) !== 0) return 'outbound';
    return (known & KNOWN.inbound) !== 0 ? 'inbound' : undefined;
  }

  /** Whose a connection is, as far as it is known; undefined for nobody's, which may become somebody's. */
  ownersOf(number: number): readonly Owner[] | undefined {
    const owners = this.connections.owners[number];
    return owners && owners.length > 0 ? owners : undefined;
  }

  /** The hash of a connection's ends; the same object each time. */
  tupleHashOf(number: number): TupleHash {
    const { local, localPort, remote, remotePort } = this.connections;
    return this.#hash.of(local, localPort[number]!, remote, remotePort[number]!, number, WIDTH);
  }

  /** There is no room: a connection goes for another one, and what was not counted of it is told. */
  evict(number: number): void {
    if ((this.connections.known[number]! & KNOWN.waiting) !== 0) this.#countUnattributed(number, 'too many');
    this.connections.remove(number);
  }

  /** Another connection has the place in memory of this one, which is over. What waits goes on waiting. */
  supersede(number: number): void {
    const { connections } = this;
    if ((connections.known[number]! & KNOWN.waiting) === 0) connections.remove(number);
    else {
      connections.detach(number);
      connections.known[number]! |= OVER;
    }
  }

  /** Whether no more events will come of a connection. */
  isFinal(number: number): boolean {
    const known = this.connections.known[number]!;
    return (known & KNOWN.failed) !== 0 || (known & OVER) === OVER;
  }

  /**
   * After a look: gives those that wait to their owners, now that processes are known, and lets go of what has ended. `sharedOwners`
   * tells whose the connections of a shared process are that no row of a table told.
   */
  settle(nowMs: number, listedAtMs: number, sharedOwners: SharedProcessOwners): void {
    const { connections } = this;
    const stillWaiting: number[] = [];
    for (const number of this.#waiting) {
      if ((connections.known[number]! & KNOWN.waiting) === 0) continue;
      const ownership = this.#ownership(number);
      const later = connections.pidAtMs[number]! > listedAtMs && connections.missed[number]! < MAX_MISSED;
      if (ownership.kind === 'unknown' && later) {
        connections.missed[number]!++;
        stillWaiting.push(number);
        continue;
      }
      this.#resolve(number, ownership, sharedOwners);
    }
    this.#waiting = stillWaiting;
    connections.each((number) => {
      const known = connections.known[number]!;
      const ends = (known & OVER) !== 0 && (known & KNOWN.waiting) === 0 && connections.stands[number] === 0;
      if (ends && nowMs - connections.atMs[number]! > LINGER_MS) connections.remove(number);
    });
  }

  /** The last word on a connection that waited. */
  #resolve(number: number, ownership: Ownership, sharedOwners: SharedProcessOwners): void {
    const { connections } = this;
    const shared = ownership.kind === 'shared' ? sharedOwners(connections.pid[number]!) : [];
    if (ownership.kind === 'owners') this.#count(number, ownership.owners);
    else if (shared.length > 0) this.#count(number, shared);
    else this.#countUnattributed(number, ownership.kind === 'shared' ? 'shared process' : 'unknown process');
    connections.known[number]! &= ~KNOWN.waiting;
    if (this.isFinal(number)) connections.remove(number);
  }

  /** A look did not show a connection that should stand; after some it is gone without a word. */
  markUnlisted(number: number): void {
    const { connections } = this;
    connections.stands[number] = 0;
    if ((connections.known[number]! & KNOWN.waiting) !== 0) return;
    if (++connections.missed[number]! > MAX_MISSED) connections.remove(number);
  }

  /** A look showed a connection, in whatever state. */
  markListed(number: number): void {
    this.connections.stands[number] = 1;
    if ((this.connections.known[number]! & KNOWN.waiting) === 0) this.connections.missed[number] = 0;
  }
}

function isKept({ kept }: Destination): boolean {
  return kept;
}
