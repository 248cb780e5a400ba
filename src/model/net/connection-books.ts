// Gives connections to the containers of their processes and counts them there, at once or when somebody knows whose they are.
import type { LifeOwners, ProcessLives } from '../containers/process-lives.ts';
import { ConnectionTable, KNOWN } from './connection-table.ts';
import type { ContainerNetwork } from './container-network.ts';
import type { Destination } from './destination.ts';
import type { NetworkRules } from './network-rules.ts';
import { TupleHash } from './tuple-set.ts';
import type { UncountedCounts } from './uncounted.ts';

const WIDTH = 16;
/** A connection that ends keeps its place for its summary so long. */
const LINGER_MS = 30_000;
/** Ticks that a connection waits for its process to be known, and looks that may miss one that should stand. */
const MAX_MISSED = 4;
/** Connections that wait at the same time. */
const MAX_WAITING = 131_072;

/** What the looks at the TCP tables know of a connection. */
export interface RowKnowledge {
  /** Whether it has been counted because it showed up in a table. */
  isInferred(hash: TupleHash): boolean;
  /** Direction by the last look; undefined for a connection that it did not show. */
  directionOf(hash: TupleHash): 'outbound' | 'inbound' | undefined;
  /** Process by the last look, 0 when unknown. */
  pidOf(hash: TupleHash): number;
}

export interface BooksParts {
  readonly lives: ProcessLives;
  readonly rules: NetworkRules;
  readonly rows: RowKnowledge;
  readonly uncounted: UncountedCounts;
}

export class ConnectionBooks {
  readonly connections = new ConnectionTable();
  readonly #parts: BooksParts;
  readonly #hash = new TupleHash();
  /** Numbers of connections whose owners nobody knows yet; some may have gone since. */
  #waiting: number[] = [];

  constructor(parts: BooksParts) {
    this.#parts = parts;
  }

  /** A look at the tables has shown whose a connection is that no event told. */
  adopt(number: number, owners: readonly ContainerNetwork[], outbound: boolean): void {
    const { connections } = this;
    if ((connections.known[number]! & (KNOWN.outbound | KNOWN.inbound)) === 0) {
      connections.known[number]! |= outbound ? KNOWN.outbound : KNOWN.inbound;
    }
    if (connections.owners[number] === undefined && (connections.known[number]! & KNOWN.inbound) === 0) this.#count(number, owners);
  }

  /** Counts a connection where it belongs, or lets it wait until somebody knows. */
  place(number: number): void {
    const { connections } = this;
    const known = connections.owners[number] ?? this.#ownersOf(number);
    if (known !== undefined && known !== 'shared') {
      this.#count(number, known);
      return;
    }
    if ((connections.known[number]! & KNOWN.waiting) !== 0) return;
    if (this.#waiting.length >= MAX_WAITING) {
      if ((connections.known[number]! & KNOWN.counted) === 0) this.#parts.uncounted.add('connect', 'too many');
      connections.known[number]! |= KNOWN.counted;
      return;
    }
    connections.known[number]! |= KNOWN.waiting;
    this.#waiting.push(number);
  }

  #ownersOf(number: number): LifeOwners {
    const { lives } = this.#parts;
    const pid = this.connections.pid[number]!;
    const life = pid === 0 ? undefined : lives.at(pid, this.connections.atMs[number]!);
    return life && lives.ownersOf(life);
  }

  /** Counts what is known of a connection and not counted yet. */
  #count(number: number, owners: readonly ContainerNetwork[]): void {
    const { connections } = this;
    const { uncounted } = this.#parts;
    const known = connections.known[number]!;
    connections.owners[number] = owners;
    connections.known[number] = (known & ~KNOWN.waiting) | KNOWN.counted;
    const tells = (known & KNOWN.counted) === 0;
    if (owners.length === 0) {
      if (tells) uncounted.add('connect', 'no container');
      return;
    }
    if (!this.#isOutbound(number, owners)) return;
    const atMs = connections.atMs[number]!;
    const address = connections.remote;
    const at = number * WIDTH;
    const port = connections.remotePort[number]!;
    if (port === 0) {
      if (tells) uncounted.add('connect', 'no address');
      return;
    }
    const skip = this.#parts.rules.skip(address, at, port);
    if (skip) {
      if (tells) uncounted.add('connect', skip);
      return;
    }
    let destinations = connections.destinations[number];
    if (!destinations || destinations.some(isForgotten)) {
      destinations = owners.map((owner) => owner.destinations.of(address, at, port, this.#parts.rules, atMs, connections.name[number]));
      connections.destinations[number] = destinations;
    }
    for (let i = 0; i < destinations.length; i++) this.#add(number, destinations[i]!, tells, known);
    if (connections.rttUs[number] !== 0) {
      for (const owner of owners) owner.destinations.measure(address, at, port, this.#parts.rules, connections.rttUs[number]!, atMs);
    }
    connections.retransmits[number] = 0;
    connections.resets[number] = 0;
    connections.sentBytes[number] = 0;
    connections.receivedBytes[number] = 0;
    connections.rttUs[number] = 0;
  }

  #add(number: number, destination: Destination, tells: boolean, known: number): void {
    const { connections } = this;
    const atMs = connections.atMs[number]!;
    destination.usedAtMs = atMs;
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
  #isOutbound(number: number, owners: readonly ContainerNetwork[]): boolean {
    const { connections } = this;
    const known = connections.known[number]!;
    if ((known & KNOWN.outbound) !== 0) return true;
    if ((known & KNOWN.inbound) !== 0) return false;
    const direction = this.#parts.rows.directionOf(this.hashOf(number));
    if (direction) return direction === 'outbound';
    return !owners.some((owner) => owner.listensOn(connections.localPort[number]!, connections.local, number * WIDTH));
  }

  /** Which way a connection goes, as events said. */
  directionOf(number: number): 'outbound' | 'inbound' | undefined {
    const known = this.connections.known[number]!;
    if ((known & KNOWN.outbound) !== 0) return 'outbound';
    return (known & KNOWN.inbound) !== 0 ? 'inbound' : undefined;
  }

  /** Whose a connection is, as far as it is known. */
  ownersOf(number: number): readonly ContainerNetwork[] | undefined {
    return this.connections.owners[number];
  }

  /** The hash of a connection's ends; the same object each time. */
  hashOf(number: number): TupleHash {
    const { local, localPort, remote, remotePort } = this.connections;
    return this.#hash.of(local, localPort[number]!, remote, remotePort[number]!, number, WIDTH);
  }

  /** A connection goes for another one; what was not counted of it is told. */
  leave(number: number, reason: 'lost event' | 'too many'): void {
    const { connections } = this;
    const waits = (connections.known[number]! & KNOWN.waiting) !== 0;
    if (waits && (connections.known[number]! & KNOWN.counted) === 0) this.#parts.uncounted.add('connect', reason);
    connections.remove(number);
  }

  /**
   * After a look: gives those that wait to their owners, now that processes are known, and lets go of what has ended. `sharedOwners`
   * tells whose the connections of a shared process are that no row of a table told.
   */
  settle(nowMs: number, listedAtMs: number, sharedOwners: (pid: number) => readonly ContainerNetwork[]): void {
    const { connections } = this;
    const again: number[] = [];
    for (const number of this.#waiting) {
      if ((connections.known[number]! & KNOWN.waiting) === 0) continue;
      const owners = this.#ownersOf(number);
      const later = connections.atMs[number]! > listedAtMs && connections.missed[number]! < MAX_MISSED;
      if (owners === undefined && later) {
        connections.missed[number]!++;
        again.push(number);
        continue;
      }
      this.#decide(number, owners === 'shared' ? sharedOwners(connections.pid[number]!) : owners, owners === 'shared');
    }
    this.#waiting = again;
    connections.each((number) => {
      const ends = (connections.known[number]! & KNOWN.closing) !== 0;
      if (ends && nowMs - connections.atMs[number]! > LINGER_MS) connections.remove(number);
    });
  }

  /** The last word on a connection that waited. */
  #decide(number: number, owners: readonly ContainerNetwork[] | undefined, shared: boolean): void {
    const { connections } = this;
    if (owners !== undefined && (owners.length > 0 || !shared)) this.#count(number, owners);
    else if ((connections.known[number]! & KNOWN.counted) === 0) {
      const reason = shared ? 'shared process' : 'unknown process';
      this.#parts.uncounted.add('connect', reason);
    }
    connections.known[number] = (connections.known[number]! & ~KNOWN.waiting) | KNOWN.counted;
    if ((connections.known[number]! & (KNOWN.failed | KNOWN.summarised)) !== 0) connections.remove(number);
  }

  /** A look did not show a connection that should stand; after some it is gone without a word. */
  missed(number: number): void {
    const { connections } = this;
    if ((connections.known[number]! & KNOWN.waiting) !== 0) return;
    if (++connections.missed[number]! > MAX_MISSED) connections.remove(number);
  }

  /** A look showed a connection. */
  seen(number: number): void {
    if ((this.connections.known[number]! & KNOWN.waiting) === 0) this.connections.missed[number] = 0;
  }
}

function isForgotten({ forgotten }: Destination): boolean {
  return forgotten;
}
