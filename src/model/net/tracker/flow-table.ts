// The state of every flow (one TCP connection), by number; only this file writes it.
import type { Clock } from '../../clock.ts';
import type { Destination } from '../../owner/destination.ts';
import type { Owner } from '../../owner/owner.ts';
import {
  ADDRESS_BYTES,
  createColumns,
  type EndpointColumns,
  endpointsMatch,
  growColumns,
  type ReadonlyColumn,
  type ReadonlyFlowColumns,
} from './flow-columns.ts';
import { type Direction, FLOW_STATE, type FlowEvent, isClosedState, isFinalState, nextState } from './flow-states.ts';
import { TcbIndex } from './tcb-index.ts';
import { TupleHash } from './tuple-set.ts';

/** About 8 MB. */
const MAX_FLOWS = 65_536;
const INITIAL_LENGTH = 512;
/** Flows that are examined before an open one is evicted. */
const EVICTION_TRIES = 64;

/** Values of the direction column. */
const DIRECTION = { unknown: 0, outbound: 1, inbound: 2 } as const;

/** Columns of an event that every type of event has. */
export interface EventColumns extends EndpointColumns {
  readonly atMs: ReadonlyColumn;
  readonly pid: ReadonlyColumn;
}

export class FlowTable {
  readonly #time: Clock;
  #columns = createColumns(INITIAL_LENGTH);
  readonly #tcbs = new TcbIndex(INITIAL_LENGTH);
  /** The normalised name that the program connected by, empty if unknown. */
  readonly #names: string[] = [];
  readonly #owners: (readonly Owner[] | undefined)[] = [];
  readonly #destinations: (readonly Destination[] | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #hash = new TupleHash();
  #size = 0;
  /** Numbers below this one are in use or in `#free`. */
  #used = 0;
  /** Position of the eviction clock. */
  #clock = 0;

  constructor(clock: Clock) {
    this.#time = clock;
  }

  get columns(): ReadonlyFlowColumns {
    return this.#columns;
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size >= MAX_FLOWS;
  }

  /** The flow of a control block, -1 if there is none or `tcb` is 0. */
  find(tcb: number): number {
    return tcb === 0 ? -1 : this.#tcbs.find(tcb);
  }

  /** Owners of the flow; undefined before attribution, empty if its process belongs to no container. */
  ownersOf(number: number): readonly Owner[] | undefined {
    return this.#owners[number];
  }

  /** Where the flow is counted, one for each owner; undefined before. */
  destinationsOf(number: number): readonly Destination[] | undefined {
    return this.#destinations[number];
  }

  nameOf(number: number): string {
    return this.#names[number]!;
  }

  /** Direction by events, or by the TCP tables if no event had it; undefined while unknown. */
  directionOf(number: number): Direction | undefined {
    const direction = this.#columns.direction[number];
    if (direction === DIRECTION.unknown) return undefined;
    return direction === DIRECTION.outbound ? 'outbound' : 'inbound';
  }

  /** Hash of the 4-tuple; the same object on each call. */
  tupleHashOf(number: number): TupleHash {
    const { localAddress, localPort, remoteAddress, remotePort } = this.#columns;
    return this.#hash.of(localAddress, localPort[number]!, remoteAddress, remotePort[number]!, number, ADDRESS_BYTES);
  }

  isWaiting(number: number): boolean {
    return this.#columns.waiting[number] === 1;
  }

  isFinal(number: number): boolean {
    return isFinalState(this.#columns.state[number]!);
  }

  /** Calls `visit` with every number in use; `visit` may remove that one. */
  each(visit: (number: number) => void): void {
    for (let number = 0; number < this.#used; number++) {
      if (this.#columns.state[number] !== FLOW_STATE.free) visit(number);
    }
  }

  /**
   * The flow to evict when the table is full: the next closed one that does not wait, else the next one (clock
   * algorithm).
   */
  victim(): number {
    for (let tries = 0; ; tries++) {
      this.#clock = (this.#clock + 1) % this.#used;
      const state = this.#columns.state[this.#clock]!;
      if (state === FLOW_STATE.free) continue;
      if (tries >= EVICTION_TRIES || (isClosedState(state) && !this.isWaiting(this.#clock))) return this.#clock;
    }
  }

  /** Adds the flow that an event begins and returns its number. The table must not be full; a `tcb` of 0 is unknown. */
  add(tcb: number, event: FlowEvent): number {
    const number = this.#free.pop() ?? this.#used++;
    if (number >= this.#columns.state.length) {
      this.#columns = growColumns(this.#columns);
      this.#tcbs.grow();
    }
    this.#size++;
    this.#clear(number);
    this.#columns.state[number] = nextState(FLOW_STATE.free, event);
    this.#tcbs.add(number, tcb === 0 ? this.#tcbs.placeholderKey() : tcb);
    return number;
  }

  /** Removes a flow; another one may get its number. */
  remove(number: number): void {
    this.#tcbs.remove(number);
    this.#columns.state[number] = FLOW_STATE.free;
    this.#columns.direction[number] = DIRECTION.unknown;
    this.#columns.accounted[number] = 0;
    this.#columns.waiting[number] = 0;
    this.#owners[number] = undefined;
    this.#destinations[number] = undefined;
    this.#names[number] = '';
    this.#free.push(number);
    this.#size--;
  }

  /** Releases the control block for another flow; this one keeps its number. */
  detach(number: number): void {
    this.#tcbs.remove(number);
    this.#tcbs.add(number, this.#tcbs.placeholderKey());
  }

  /** Changes the state by an event. Returns false and changes nothing if the event belongs to another flow. */
  apply(number: number, event: FlowEvent): boolean {
    const state = nextState(this.#columns.state[number]!, event);
    if (state < 0) return false;
    this.#columns.state[number] = state;
    return true;
  }

  /** Copies time, endpoints and process of an event. A port or pid of 0 is unknown and changes nothing. */
  touch(number: number, table: EventColumns, row: number): void {
    const columns = this.#columns;
    if (table.localPort[row] !== 0) {
      columns.localPort[number] = table.localPort[row]!;
      copyAddress(table.localAddress, row, columns.localAddress, number);
    }
    if (table.remotePort[row] !== 0) {
      columns.remotePort[number] = table.remotePort[row]!;
      copyAddress(table.remoteAddress, row, columns.remoteAddress, number);
    }
    this.setLastEvent(number, table.atMs[row]!);
    columns.missedScans[number] = 0;
    // The first time that a process was seen with the connection is the safest one: it may exit before the last event.
    const pid = table.pid[row]!;
    if (pid !== 0 && pid !== columns.pid[number]) this.setPid(number, pid, table.atMs[row]!);
  }

  /** Whether an event or a table row may belong to the flow, by ports and remote address, as far as they are known. */
  endpointsMatch(number: number, table: EndpointColumns, row: number): boolean {
    return endpointsMatch(this.#columns, number, table, row);
  }

  setLastEvent(number: number, atMs: number): void {
    this.#columns.atMs[number] = atMs;
    this.#columns.eventMonoMs[number] = this.#time.monoOf(atMs);
  }

  setPid(number: number, pid: number, atMs: number): void {
    this.#columns.pid[number] = pid;
    this.#columns.pidAtMs[number] = atMs;
  }

  /** Sets the pid of a flow whose process is unknown. Returns whether that was so; a pid of 0 is unknown as well. */
  learnPid(number: number, pid: number, atMs: number): boolean {
    if (pid === 0 || this.#columns.pid[number] !== 0) return false;
    this.setPid(number, pid, atMs);
    return true;
  }

  setDirection(number: number, direction: Direction): void {
    this.#columns.direction[number] = DIRECTION[direction];
  }

  setRequestedAt(number: number, atMs: number): void {
    this.#columns.requestedAtMs[number] = atMs;
    this.#columns.requestedMonoMs[number] = this.#time.monoOf(atMs);
  }

  setConnectMs(number: number, connectMs: number): void {
    this.#columns.connectMs[number] = connectMs;
  }

  setStatus(number: number, status: number): void {
    this.#columns.status[number] = status;
  }

  setName(number: number, name: string): void {
    this.#names[number] = name;
  }

  setRtt(number: number, rttUs: number): void {
    this.#columns.rttUs[number] = rttUs;
  }

  setAccounted(number: number): void {
    this.#columns.accounted[number] = 1;
  }

  setWaiting(number: number, isWaiting: boolean): void {
    this.#columns.waiting[number] = isWaiting ? 1 : 0;
  }

  setOwners(number: number, owners: readonly Owner[]): void {
    this.#owners[number] = owners;
  }

  setDestinations(number: number, destinations: readonly Destination[]): void {
    this.#destinations[number] = destinations;
  }

  addRetransmit(number: number): void {
    this.#columns.retransmits[number]!++;
  }

  addReset(number: number): void {
    this.#columns.resets[number]!++;
  }

  /** Adds bytes that are not in a destination yet. */
  addBytes(number: number, sentBytes: number, receivedBytes: number): void {
    this.#columns.sentBytes[number]! += sentBytes;
    this.#columns.receivedBytes[number]! += receivedBytes;
  }

  clearBytes(number: number): void {
    this.#columns.sentBytes[number] = 0;
    this.#columns.receivedBytes[number] = 0;
  }

  /** Clears what has been added to the destinations. */
  clearCounts(number: number): void {
    this.clearBytes(number);
    this.#columns.retransmits[number] = 0;
    this.#columns.resets[number] = 0;
    this.#columns.rttUs[number] = 0;
  }

  /** Adds bytes that the statistics have reported, which are in a destination. */
  addAccountedBytes(number: number, sentBytes: number, receivedBytes: number): void {
    this.#columns.accountedSentBytes[number]! += sentBytes;
    this.#columns.accountedReceivedBytes[number]! += receivedBytes;
  }

  /** Raises the accounted bytes to the totals of a summary. */
  raiseAccountedBytes(number: number, sentBytes: number, receivedBytes: number): void {
    const { accountedSentBytes, accountedReceivedBytes } = this.#columns;
    accountedSentBytes[number] = Math.max(accountedSentBytes[number]!, sentBytes);
    accountedReceivedBytes[number] = Math.max(accountedReceivedBytes[number]!, receivedBytes);
  }

  setListed(number: number, isListed: boolean): void {
    this.#columns.listed[number] = isListed ? 1 : 0;
  }

  addMissedScan(number: number): void {
    this.#columns.missedScans[number]!++;
  }

  clearMissedScans(number: number): void {
    this.#columns.missedScans[number] = 0;
  }

  #clear(number: number): void {
    const columns = this.#columns;
    columns.direction[number] = DIRECTION.unknown;
    columns.accounted[number] = 0;
    columns.waiting[number] = 0;
    columns.pid[number] = 0;
    columns.pidAtMs[number] = 0;
    columns.localPort[number] = 0;
    columns.remotePort[number] = 0;
    const at = number * ADDRESS_BYTES;
    columns.localAddress.fill(0, at, at + ADDRESS_BYTES);
    columns.remoteAddress.fill(0, at, at + ADDRESS_BYTES);
    columns.requestedAtMs[number] = 0;
    columns.requestedMonoMs[number] = 0;
    columns.atMs[number] = 0;
    columns.eventMonoMs[number] = 0;
    columns.connectMs[number] = -1;
    columns.status[number] = 0;
    columns.accountedSentBytes[number] = 0;
    columns.accountedReceivedBytes[number] = 0;
    columns.missedScans[number] = 0;
    columns.listed[number] = 0;
    this.clearCounts(number);
    this.#names[number] = '';
    this.#owners[number] = undefined;
    this.#destinations[number] = undefined;
  }
}

function copyAddress(from: Uint8Array, fromRow: number, to: Uint8Array, toRow: number): void {
  const source = fromRow * ADDRESS_BYTES;
  const target = toRow * ADDRESS_BYTES;
  for (let i = 0; i < ADDRESS_BYTES; i++) to[target + i] = from[source + i]!;
}
