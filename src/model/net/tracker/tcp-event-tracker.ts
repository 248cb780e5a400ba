// Takes TCP events in: joins what they say of one connection, so that it can be counted.
import { TCP_EVENT } from '../../../base/event-types.ts';
import { ipBytes, ipv6Text } from '../../../base/ip.ts';
import type { TcpEventTable } from '../../../sources/host.ts';
import type { NameCache } from '../../dns/name-cache.ts';
import type { NameNormaliser } from '../../dns/name-normaliser.ts';
import { TYPE_A } from '../../owner/dns-codes.ts';
import type { UnattributedCounts } from '../../unattributed.ts';
import type { ConnectionAccounting, PreviousScan } from './connection-accounting.ts';
import { type ConnectionTable, KNOWN } from './connection-table.ts';
import type { EstatsDeltas } from './estats-deltas.ts';
import { TupleHash } from './tuple-set.ts';

const WIDTH = 16;
/** A handshake that took longer was another one's. */
const MAX_HANDSHAKE_MS = 10 * 60 * 1000;
/** It has come to something: the next connect is another one. */
const BEGUN = KNOWN.connected | KNOWN.failed;

export interface TcpEventTrackerParts {
  readonly accounting: ConnectionAccounting;
  readonly names: NameCache;
  readonly normaliser: NameNormaliser;
  readonly rows: PreviousScan;
  readonly estats: EstatsDeltas;
  readonly unattributed: UnattributedCounts;
}

export class TcpEventTracker {
  /** The first look. Bytes of connections that are older count only as far as somebody watched them. */
  watchedSinceMs = Number.POSITIVE_INFINITY;
  readonly #parts: TcpEventTrackerParts;
  readonly #connections: ConnectionTable;
  readonly #hash = new TupleHash();

  constructor(parts: TcpEventTrackerParts) {
    this.#parts = parts;
    this.#connections = parts.accounting.connections;
  }

  add(table: TcpEventTable): void {
    for (let row = 0; row < table.count; row++) this.#row(table, row);
  }

  #row(table: TcpEventTable, row: number): void {
    const type = table.type[row]!;
    const tcb = table.tcb[row]!;
    switch (type) {
      case TCP_EVENT.requested:
        this.#requested(table, row, tcb);
        return;
      case TCP_EVENT.connected:
        this.#connected(table, row, tcb);
        return;
      case TCP_EVENT.failed:
        this.#failed(table, row, tcb);
        return;
      case TCP_EVENT.accepted:
      case TCP_EVENT.rundown:
        this.#existing(table, row, tcb, type === TCP_EVENT.accepted);
        return;
      case TCP_EVENT.named:
        this.#named(table, row, tcb);
        return;
      case TCP_EVENT.summary:
        this.#summary(table, row, tcb);
        return;
    }
    const number = tcb === 0 ? -1 : this.#connections.find(tcb);
    if (number < 0) return;
    this.#connections.atMs[number] = table.atMs[row]!;
    if (type === TCP_EVENT.retransmitted) this.#parts.accounting.countRetransmit(number);
    else if (type === TCP_EVENT.reset) this.#parts.accounting.countReset(number);
    else if (type === TCP_EVENT.closed) this.#connections.known[number]! |= KNOWN.closing;
  }

  /** A connection in this place of memory that begins: whoever had it before is gone. */
  #begin(table: TcpEventTable, row: number, tcb: number): number {
    const connections = this.#connections;
    const before = tcb === 0 ? -1 : connections.find(tcb);
    if (before >= 0) this.#parts.accounting.supersede(before);
    if (connections.full) this.#parts.accounting.evict(connections.victim());
    const number = connections.add(tcb === 0 ? connections.nameless() : tcb);
    connections.clearEnds(number);
    this.#touch(number, table, row);
    return number;
  }

  #touch(number: number, table: TcpEventTable, row: number): void {
    const connections = this.#connections;
    connections.setEnds(number, table, row);
    connections.atMs[number] = table.atMs[row]!;
    connections.missed[number] = 0;
    if (table.pid[row] === 0) return;
    connections.pid[number] = table.pid[row]!;
    connections.pidAtMs[number] = table.atMs[row]!;
  }

  #requested(table: TcpEventTable, row: number, tcb: number): void {
    if (tcb === 0) return;
    const number = this.#begin(table, row, tcb);
    this.#connections.requestedAtMs[number] = table.atMs[row]!;
  }

  /** The connection that an event is about, unless what is known says `not`; else a new one in its place. */
  #current(table: TcpEventTable, row: number, tcb: number, not: number): number {
    const connections = this.#connections;
    const number = tcb === 0 ? -1 : connections.find(tcb);
    if (number < 0 || (connections.known[number]! & not) !== 0) return this.#begin(table, row, tcb);
    this.#touch(number, table, row);
    return number;
  }

  #connected(table: TcpEventTable, row: number, tcb: number): void {
    const connections = this.#connections;
    const number = this.#current(table, row, tcb, BEGUN | KNOWN.closing);
    const took = table.atMs[row]! - connections.requestedAtMs[number]!;
    if (connections.requestedAtMs[number] !== 0 && took >= 0 && took < MAX_HANDSHAKE_MS)
      connections.connectMs[number] = took;
    connections.known[number]! |= KNOWN.outbound | KNOWN.connected;
    if (this.#parts.rows.isInferred(this.#parts.accounting.tupleHashOf(number), connections.pid[number]!))
      connections.known[number]! |= KNOWN.counted;
    this.#parts.accounting.attribute(number);
  }

  #failed(table: TcpEventTable, row: number, tcb: number): void {
    // A connect that is cancelled closes first.
    const number = this.#current(table, row, tcb, BEGUN);
    this.#connections.known[number]! |= KNOWN.outbound | KNOWN.failed;
    this.#connections.status[number] = table.status[row]!;
    this.#parts.accounting.attribute(number);
    if ((this.#connections.known[number]! & KNOWN.waiting) === 0) this.#connections.remove(number);
  }

  /** A connection that came in, or one that was there before the session. */
  #existing(table: TcpEventTable, row: number, tcb: number, accepted: boolean): void {
    if (tcb === 0) return;
    const connections = this.#connections;
    const known = connections.find(tcb);
    // The rundown tells again what an event has told.
    if (!accepted && known >= 0 && connections.mayBe(known, table, row)) return;
    const number = this.#begin(table, row, tcb);
    // Whose an older one is, and which way it goes, the next look at the tables tells.
    connections.known[number] = KNOWN.connected | KNOWN.counted | (accepted ? KNOWN.inbound : 0);
  }

  #named(table: TcpEventTable, row: number, tcb: number): void {
    const { names, normaliser } = this.#parts;
    const name = normaliser.normalise(table.name[row]!, TYPE_A);
    // A program may as well connect by an address.
    if (name === '' || ipBytes(name)) return;
    const ip = ipv6Text(table.remoteAddress, row * WIDTH);
    if (table.remotePort[row] !== 0 && names.nameOf(ip)?.fqdn !== name)
      names.learn([ip], name, names.isSharedName(name), table.atMs[row]!);
    const number = tcb === 0 ? -1 : this.#connections.find(tcb);
    if (number >= 0) this.#connections.name[number] = name;
  }

  /**
   * Numbers of the whole connection so far: what is not yet counted of them counts now. Windows writes it at the end, and, of every
   * connection that stands, when some session begins or stops: so it is the last one only of a connection that has ended.
   */
  #summary(table: TcpEventTable, row: number, tcb: number): void {
    const connections = this.#connections;
    const number = this.#summaryFlow(table, row, tcb);
    if (number < 0) return;
    this.#touch(number, table, row);
    connections.known[number]! |= KNOWN.summarised;
    this.#addSummary(number, table, row);
    if ((connections.known[number]! & KNOWN.inbound) === 0) {
      connections.rttUs[number] = table.rttUs[row]!;
      this.#parts.accounting.attribute(number);
    }
    if (this.#parts.accounting.isFinal(number) && (connections.known[number]! & KNOWN.waiting) === 0)
      connections.remove(number);
  }

  #addSummary(number: number, table: TcpEventTable, row: number): void {
    const connections = this.#connections;
    const [sentBytes, receivedBytes] = [table.sentBytes[row]!, table.receivedBytes[row]!];
    const metered = this.#parts.estats.settle(this.#parts.accounting.tupleHashOf(number), sentBytes, receivedBytes);
    const sent = Math.max(0, sentBytes - Math.max(metered.sentBytes, connections.accountedSentBytes[number]!));
    const received = Math.max(
      0,
      receivedBytes - Math.max(metered.receivedBytes, connections.accountedReceivedBytes[number]!),
    );
    connections.accountedSentBytes[number] = Math.max(connections.accountedSentBytes[number]!, sentBytes);
    connections.accountedReceivedBytes[number] = Math.max(connections.accountedReceivedBytes[number]!, receivedBytes);
    if ((connections.known[number]! & KNOWN.inbound) !== 0) return;
    // Of a connection that is older than the agent nobody can say how much of the rest is older, too.
    if (connections.requestedAtMs[number] !== 0 || table.atMs[row]! - table.durationMs[row]! >= this.watchedSinceMs) {
      connections.sentBytes[number]! += sent;
      connections.receivedBytes[number]! += received;
    } else if (sent + received > 0) this.#parts.unattributed.add('bytes', 'older than the agent', sent + received);
  }

  /** The connection that a summary is of, -1 when nobody can say whose it is. */
  #summaryFlow(table: TcpEventTable, row: number, tcb: number): number {
    const connections = this.#connections;
    const found = tcb === 0 ? -1 : connections.find(tcb);
    if (found >= 0 && connections.mayBe(found, table, row)) return found;
    // Nobody told of its beginning: the tables may know whose it is.
    const { localAddress, localPort, remoteAddress, remotePort } = table;
    const hash = this.#hash.of(localAddress, localPort[row]!, remoteAddress, remotePort[row]!, row, WIDTH);
    const pid = table.pid[row] || this.#parts.rows.pidOf(hash);
    if (pid === 0) {
      const bytes = table.sentBytes[row]! + table.receivedBytes[row]!;
      if (bytes > 0) this.#parts.unattributed.add('bytes', 'unknown process', bytes);
      return -1;
    }
    const number = this.#begin(table, row, tcb);
    connections.pid[number] = pid;
    connections.pidAtMs[number] = table.pid[row] === 0 ? this.#parts.rows.scannedAtMs : table.atMs[row]!;
    connections.known[number] = KNOWN.connected | KNOWN.counted;
    return number;
  }
}
