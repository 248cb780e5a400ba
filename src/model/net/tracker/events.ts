// Applies TCP events to the flow table and passes complete information on to the accounting.
import { TCP_EVENT } from '../../../base/event-types.ts';
import { ipBytes, ipv6Text } from '../../../base/ip.ts';
import type { TcpEventTable } from '../../../sources/host.ts';
import type { Clock } from '../../clock.ts';
import type { NameCache } from '../../dns/name-cache.ts';
import type { NameNormaliser } from '../../dns/name-normaliser.ts';
import { TYPE_A } from '../../owner/dns-codes.ts';
import type { UnattributedCounts } from '../../unattributed.ts';
import type { ConnectionAccounting } from './accounting.ts';
import type { PreviousScan } from './established-rows.ts';
import type { EstatsDeltas } from './estats-deltas.ts';
import { ADDRESS_BYTES } from './flow-columns.ts';
import { FLOW_EVENT, type FlowEvent, isConnectedState } from './flow-states.ts';
import type { FlowTable } from './flow-table.ts';
import { TupleHash } from './tuple-set.ts';

/** A longer handshake is none: the request belongs to an earlier connection. */
const MAX_HANDSHAKE_MS = 10 * 60 * 1000;

export interface TcpEventTrackerParts {
  readonly clock: Clock;
  readonly flows: FlowTable;
  readonly accounting: ConnectionAccounting;
  readonly names: NameCache;
  readonly normaliser: NameNormaliser;
  readonly rows: PreviousScan;
  readonly estats: EstatsDeltas;
  readonly unattributed: UnattributedCounts;
}

export class TcpEventTracker {
  /**
   * Time of the first scan on the monotonic clock. Of older connections, summaries do not count: they include bytes
   * from before the agent.
   */
  watchedSinceMonoMs = Number.POSITIVE_INFINITY;
  readonly #parts: TcpEventTrackerParts;
  readonly #flows: FlowTable;
  readonly #hash = new TupleHash();

  constructor(parts: TcpEventTrackerParts) {
    this.#parts = parts;
    this.#flows = parts.flows;
  }

  add(table: TcpEventTable): void {
    for (let row = 0; row < table.count; row++) this.#row(table, row);
  }

  #row(table: TcpEventTable, row: number): void {
    switch (table.type[row]!) {
      case TCP_EVENT.requested:
        this.#requested(table, row);
        return;
      case TCP_EVENT.connected:
        this.#connected(table, row);
        return;
      case TCP_EVENT.failed:
        this.#failed(table, row);
        return;
      case TCP_EVENT.accepted:
        this.#accepted(table, row);
        return;
      case TCP_EVENT.rundown:
        this.#rundown(table, row);
        return;
      case TCP_EVENT.named:
        this.#named(table, row);
        return;
      case TCP_EVENT.summary:
        this.#summary(table, row);
        return;
      default:
        this.#other(table, row);
    }
  }

  /** Events that count only for a flow that is in the table. */
  #other(table: TcpEventTable, row: number): void {
    const number = this.#find(table, row);
    if (number < 0) return;
    this.#flows.setLastEvent(number, table.atMs[row]!);
    const type = table.type[row]!;
    if (type === TCP_EVENT.retransmitted) this.#parts.accounting.countRetransmit(number);
    else if (type === TCP_EVENT.reset) this.#reset(number);
    else if (type === TCP_EVENT.closed) this.#flows.apply(number, FLOW_EVENT.close);
    this.#learnProcess(number, table, row);
  }

  /** A connect that the remote side refuses by a reset is a failure, which has an event of its own. */
  #reset(number: number): void {
    if (isConnectedState(this.#flows.columns.state[number]!)) this.#parts.accounting.countReset(number);
  }

  /** An event names the process of a flow whose earlier events did not: attributes the flow if it waits for that. */
  #learnProcess(number: number, table: TcpEventTable, row: number): void {
    if (!this.#flows.learnPid(number, table.pid[row]!, table.atMs[row]!) || !this.#flows.isWaiting(number)) return;
    this.#parts.accounting.attribute(number);
    this.#parts.accounting.removeIfDone(number);
  }

  #requested(table: TcpEventTable, row: number): void {
    if (table.tcb[row] === 0) return;
    const known = this.#find(table, row);
    if (known >= 0 && this.#isLateRequest(known, table.atMs[row]!)) {
      this.#flows.setRequestedAt(known, table.atMs[row]!);
      this.#learnProcess(known, table, row);
      return;
    }
    const number = this.#applyOrBegin(table, row, FLOW_EVENT.request);
    this.#flows.setRequestedAt(number, table.atMs[row]!);
  }

  /** Whether a request arrives after the result of its connect: each processor has a buffer of events of its own. */
  #isLateRequest(number: number, requestedAtMs: number): boolean {
    const { columns } = this.#flows;
    const earlyMs = columns.atMs[number]! - requestedAtMs;
    const isUnrequested = columns.requestedAtMs[number] === 0 && this.#flows.directionOf(number) === 'outbound';
    return isUnrequested && earlyMs > 0 && earlyMs < MAX_HANDSHAKE_MS;
  }

  #connected(table: TcpEventTable, row: number): void {
    const flows = this.#flows;
    const number = this.#applyOrBegin(table, row, FLOW_EVENT.connect);
    flows.setDirection(number, 'outbound');
    this.#setConnectMs(number, table.atMs[row]!);
    if (this.#parts.rows.isInferred(flows.tupleHashOf(number), flows.columns.pid[number]!)) flows.setAccounted(number);
    this.#parts.accounting.attribute(number);
  }

  /** Sets the duration of the handshake, unless the request was lost or the clock was set in between. */
  #setConnectMs(number: number, atMs: number): void {
    const { requestedAtMs, requestedMonoMs } = this.#flows.columns;
    const connectMs = atMs - requestedAtMs[number]!;
    if (requestedAtMs[number] === 0 || connectMs < 0 || connectMs >= MAX_HANDSHAKE_MS) return;
    if (!this.#parts.clock.wasSetSince(requestedMonoMs[number]!)) this.#flows.setConnectMs(number, connectMs);
  }

  #failed(table: TcpEventTable, row: number): void {
    const number = this.#applyOrBegin(table, row, FLOW_EVENT.fail);
    this.#flows.setDirection(number, 'outbound');
    this.#flows.setStatus(number, table.status[row]!);
    this.#parts.accounting.attribute(number);
    this.#parts.accounting.removeIfDone(number);
  }

  #accepted(table: TcpEventTable, row: number): void {
    if (table.tcb[row] === 0) return;
    const number = this.#applyOrBegin(table, row, FLOW_EVENT.accept);
    this.#flows.setDirection(number, 'inbound');
    this.#flows.setAccounted(number);
  }

  /** A connection from before the session. Its direction and owner come from the next scan. */
  #rundown(table: TcpEventTable, row: number): void {
    const tcb = table.tcb[row]!;
    if (tcb === 0) return;
    const known = this.#flows.find(tcb);
    // A rundown also repeats the connections that events have reported.
    if (known >= 0 && this.#flows.endpointsMatch(known, table, row)) this.#learnProcess(known, table, row);
    else this.#flows.setAccounted(this.#begin(table, row, FLOW_EVENT.rundown, known));
  }

  #named(table: TcpEventTable, row: number): void {
    const { names, normaliser } = this.#parts;
    const number = this.#namedFlow(table, row);
    const name = normaliser.normalise(table.name[row]!, TYPE_A);
    // The event also reports programs that connect by address.
    if (name !== '' && !ipBytes(name)) {
      const ip = ipv6Text(table.remoteAddress, row * ADDRESS_BYTES);
      if (table.remotePort[row] !== 0 && names.nameOf(ip)?.fqdn !== name)
        names.learn([ip], name, names.isSharedName(name), this.#parts.clock.monoOf(table.atMs[row]!));
      if (number >= 0) this.#flows.setName(number, name);
    }
    if (number >= 0) this.#learnProcess(number, table, row);
  }

  /** The flow of a connect by name; begins one if the request was lost and the event names the process. Else -1. */
  #namedFlow(table: TcpEventTable, row: number): number {
    const number = this.#find(table, row);
    if (number >= 0 || table.tcb[row] === 0 || table.pid[row] === 0) return number;
    return this.#applyOrBegin(table, row, FLOW_EVENT.request);
  }

  /** A summary has the totals of the connection so far. What is not accounted of them is added now. */
  #summary(table: TcpEventTable, row: number): void {
    const flows = this.#flows;
    const number = this.#flowOfSummary(table, row);
    if (number < 0) return;
    flows.touch(number, table, row);
    flows.apply(number, FLOW_EVENT.summary);
    this.#addTotals(number, table, row);
    if (flows.directionOf(number) !== 'inbound') {
      flows.setRtt(number, table.rttUs[row]!);
      this.#parts.accounting.attribute(number);
    }
    this.#parts.accounting.removeIfDone(number);
  }

  #addTotals(number: number, table: TcpEventTable, row: number): void {
    const flows = this.#flows;
    const { accountedSentBytes, accountedReceivedBytes, requestedAtMs } = flows.columns;
    const [sentBytes, receivedBytes] = [table.sentBytes[row]!, table.receivedBytes[row]!];
    const estats = this.#parts.estats.settle(flows.tupleHashOf(number), sentBytes, receivedBytes);
    const sent = Math.max(0, sentBytes - Math.max(estats.sentBytes, accountedSentBytes[number]!));
    const received = Math.max(0, receivedBytes - Math.max(estats.receivedBytes, accountedReceivedBytes[number]!));
    flows.raiseAccountedBytes(number, sentBytes, receivedBytes);
    if (flows.directionOf(number) === 'inbound') return;
    const beganMonoMs = this.#parts.clock.monoOf(table.atMs[row]!) - table.durationMs[row]!;
    const isWatched = requestedAtMs[number] !== 0 || beganMonoMs >= this.watchedSinceMonoMs;
    if (isWatched) flows.addBytes(number, sent, received);
    else if (sent + received > 0) this.#parts.unattributed.add('bytes', 'older_than_agent', sent + received);
  }

  /** The flow of a summary, -1 if its process is unknown. */
  #flowOfSummary(table: TcpEventTable, row: number): number {
    const flows = this.#flows;
    const found = flows.find(table.tcb[row]!);
    if (found >= 0 && flows.endpointsMatch(found, table, row)) return found;
    // No event began this flow: the last scan may have its process.
    const { localAddress, localPort, remoteAddress, remotePort } = table;
    const hash = this.#hash.of(localAddress, localPort[row]!, remoteAddress, remotePort[row]!, row, ADDRESS_BYTES);
    const pid = table.pid[row] || this.#parts.rows.pidOf(hash);
    if (pid === 0) {
      const bytes = table.sentBytes[row]! + table.receivedBytes[row]!;
      if (bytes > 0) this.#parts.unattributed.add('bytes', 'unknown_process', bytes);
      return -1;
    }
    const number = this.#begin(table, row, FLOW_EVENT.summary, found);
    flows.setPid(number, pid, table.pid[row] === 0 ? this.#parts.rows.scannedAtMs : table.atMs[row]!);
    flows.setAccounted(number);
    return number;
  }

  /** The flow of an event by its control block; -1 if there is none, or if that is now a flow with other endpoints. */
  #find(table: TcpEventTable, row: number): number {
    const number = this.#flows.find(table.tcb[row]!);
    return number >= 0 && this.#flows.endpointsMatch(number, table, row) ? number : -1;
  }

  /**
   * Applies an event to the flow of its control block. If the event belongs to another flow, or there is none, a flow
   * begins.
   */
  #applyOrBegin(table: TcpEventTable, row: number, event: FlowEvent): number {
    const flows = this.#flows;
    const number = flows.find(table.tcb[row]!);
    if (number < 0) return this.#begin(table, row, event, number);
    if (!flows.endpointsMatch(number, table, row)) {
      // A late event of an earlier connection must not end the flow that has the control block now.
      const isLate = table.atMs[row]! < flows.columns.requestedAtMs[number]!;
      return isLate ? this.#begin(table, row, event, -1, 0) : this.#begin(table, row, event, number);
    }
    if (!flows.apply(number, event)) return this.#begin(table, row, event, number);
    flows.touch(number, table, row);
    return number;
  }

  /**
   * Begins a flow and supersedes the flow `before` that had its control block, if it is not negative. A `tcb` of 0
   * leaves the control block to another flow.
   */
  #begin(table: TcpEventTable, row: number, event: FlowEvent, before: number, tcb = table.tcb[row]!): number {
    const flows = this.#flows;
    if (before >= 0) this.#parts.accounting.supersede(before);
    if (flows.isFull) this.#parts.accounting.evict(flows.victim());
    const number = flows.add(tcb, event);
    flows.touch(number, table, row);
    return number;
  }
}
