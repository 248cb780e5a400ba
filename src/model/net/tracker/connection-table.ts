// Connections by the address of their control block, one number each and an array a column: nothing is made for an event.
import { grow } from '../../../base/grow.ts';
import type { Destination } from '../../owner/destination.ts';
import type { Owner } from '../../owner/owner.ts';

/** What is known of a connection, as bits. */
export const KNOWN = {
  /** It goes out: a program of this host asked for it. */
  outbound: 1,
  /** It came in by a listener. */
  inbound: 2,
  /** It did not come about. */
  failed: 4,
  /** It stands, or has stood. */
  connected: 8,
  /** `connected` or `failed` is in the counts of its destination, or must not be. */
  counted: 16,
  /** It ends: what comes is its summary, and then another connection in its place of memory. */
  closing: 32,
  /** A summary has come; with `closing`, the last one. */
  summarised: 64,
  /** It waits for its owner to be known. */
  waiting: 128,
} as const;

/** Connections that are kept at the same time; some 8 MB. */
const MAX_CONNECTIONS = 65_536;
const SMALLEST = 512;
const WIDTH = 16;

export class ConnectionTable {
  tcb = new Float64Array(SMALLEST);
  known = new Uint8Array(SMALLEST);
  pid = new Uint32Array(SMALLEST);
  /** When it was this process's for sure: pids are used again. */
  pidAtMs = new Float64Array(SMALLEST);
  localPort = new Uint16Array(SMALLEST);
  remotePort = new Uint16Array(SMALLEST);
  /** 16 bytes a connection, IPv4 mapped. */
  local = new Uint8Array(SMALLEST * WIDTH);
  remote = new Uint8Array(SMALLEST * WIDTH);
  /** When it was asked for, 0 when unknown. */
  requestedAtMs = new Float64Array(SMALLEST);
  /** Its last event. */
  atMs = new Float64Array(SMALLEST);
  /** Time of the handshake, negative while unknown. */
  connectMs = new Float64Array(SMALLEST);
  status = new Uint32Array(SMALLEST);
  retransmits = new Uint32Array(SMALLEST);
  resets = new Uint32Array(SMALLEST);
  /** Not counted yet. */
  sentBytes = new Float64Array(SMALLEST);
  receivedBytes = new Float64Array(SMALLEST);
  /** Told of already, by summaries and by statistics. */
  accountedSentBytes = new Float64Array(SMALLEST);
  accountedReceivedBytes = new Float64Array(SMALLEST);
  rttUs = new Uint32Array(SMALLEST);
  /** Looks at the tables since the last event that did not have it. */
  missed = new Uint8Array(SMALLEST);
  /** 1 when the last look had it, in whatever state. */
  stands = new Uint8Array(SMALLEST);
  readonly name: string[] = [];
  /** Whose it is; undefined while nobody knows. */
  readonly owners: (readonly Owner[] | undefined)[] = [];
  /** Where it is counted, one for each owner; undefined before. */
  readonly destinations: (readonly Destination[] | undefined)[] = [];
  size = 0;
  /** Control block to number plus one, open addressing; a place is free when it is 0. */
  #places = new Int32Array(SMALLEST * 2);
  #used = 0;
  readonly #free: number[] = [];
  #clock = 0;
  #nameless = 0.5;

  /** Number of a connection, -1 when it is not here. */
  find(tcb: number): number {
    const mask = this.#places.length - 1;
    for (let place = placeOf(tcb) & mask; ; place = (place + 1) & mask) {
      const number = this.#places[place]! - 1;
      if (number < 0 || this.tcb[number] === tcb) return number;
    }
  }

  /** Whether one must go before another may come. */
  get full(): boolean {
    return this.size >= MAX_CONNECTIONS;
  }

  /** A number for a connection that is not here; there must be room. */
  add(tcb: number): number {
    const number = this.#free.pop() ?? this.#used++;
    if (number >= this.tcb.length) this.#grow();
    this.size++;
    this.tcb[number] = tcb;
    this.known[number] = 0;
    this.pid[number] = 0;
    this.pidAtMs[number] = 0;
    this.requestedAtMs[number] = 0;
    this.connectMs[number] = -1;
    this.status[number] = 0;
    this.retransmits[number] = 0;
    this.resets[number] = 0;
    this.sentBytes[number] = 0;
    this.receivedBytes[number] = 0;
    this.accountedSentBytes[number] = 0;
    this.accountedReceivedBytes[number] = 0;
    this.rttUs[number] = 0;
    this.missed[number] = 0;
    this.stands[number] = 0;
    this.name[number] = '';
    this.owners[number] = undefined;
    this.destinations[number] = undefined;
    this.#place(number);
    return number;
  }

  /** The number may be another connection's from now on. */
  remove(number: number): void {
    this.#unplace(number);
    this.tcb[number] = -1;
    this.known[number] = 0;
    this.owners[number] = undefined;
    this.destinations[number] = undefined;
    this.name[number] = '';
    this.#free.push(number);
    this.size--;
  }

  /** Its control block serves another connection; the number stays. */
  detach(number: number): void {
    this.#unplace(number);
    this.tcb[number] = this.nameless();
    this.#place(number);
  }

  /** Stands for a control block that is not known; real ones are whole numbers. */
  nameless(): number {
    return this.#nameless++;
  }

  #unplace(number: number): void {
    const mask = this.#places.length - 1;
    let place = placeOf(this.tcb[number]!) & mask;
    while (this.#places[place] !== number + 1) place = (place + 1) & mask;
    // Whoever stands behind it because its place was taken moves up.
    for (let next = (place + 1) & mask; ; next = (next + 1) & mask) {
      const other = this.#places[next]! - 1;
      if (other < 0) break;
      const home = placeOf(this.tcb[other]!) & mask;
      if (((next - home) & mask) < ((next - place) & mask)) continue;
      this.#places[place] = other + 1;
      place = next;
    }
    this.#places[place] = 0;
  }

  /** Takes the ends of a row of events in; addresses are 16 bytes a row, and may be all zeros when they are not known. */
  setEnds(number: number, table: Ends, row: number): void {
    if (table.localPort[row] !== 0) {
      this.localPort[number] = table.localPort[row]!;
      copy(table.localAddress, row * WIDTH, this.local, number * WIDTH);
    }
    if (table.remotePort[row] === 0) return;
    this.remotePort[number] = table.remotePort[row]!;
    copy(table.remoteAddress, row * WIDTH, this.remote, number * WIDTH);
  }

  /** Whether a row may be of this connection: its ports, as far as both are known. */
  mayBe(number: number, table: Ends, row: number): boolean {
    const [local, remote] = [table.localPort[row]!, table.remotePort[row]!];
    const same = (own: number, told: number) => own === 0 || told === 0 || own === told;
    return same(this.localPort[number]!, local) && same(this.remotePort[number]!, remote);
  }

  clearEnds(number: number): void {
    this.localPort[number] = 0;
    this.remotePort[number] = 0;
    this.local.fill(0, number * WIDTH, (number + 1) * WIDTH);
    this.remote.fill(0, number * WIDTH, (number + 1) * WIDTH);
  }

  /** Calls `act` with every number in use; `act` may remove that one. */
  each(act: (number: number) => void): void {
    for (let number = 0; number < this.#used; number++) if (this.tcb[number]! >= 0) act(number);
  }

  #place(number: number): void {
    const mask = this.#places.length - 1;
    let place = placeOf(this.tcb[number]!) & mask;
    while (this.#places[place] !== 0) place = (place + 1) & mask;
    this.#places[place] = number + 1;
  }

  /** Who should go when there is no room: goes round, those that end and are counted first, else the next one. */
  victim(): number {
    for (let tries = 0; ; tries++) {
      this.#clock = (this.#clock + 1) % this.#used;
      if (this.tcb[this.#clock]! < 0) continue;
      if (tries >= 64 || (this.known[this.#clock]! & (KNOWN.closing | KNOWN.waiting)) === KNOWN.closing)
        return this.#clock;
    }
  }

  #grow(): void {
    const length = this.tcb.length * 2;
    this.tcb = grow(this.tcb, new Float64Array(length));
    this.known = grow(this.known, new Uint8Array(length));
    this.pid = grow(this.pid, new Uint32Array(length));
    this.pidAtMs = grow(this.pidAtMs, new Float64Array(length));
    this.localPort = grow(this.localPort, new Uint16Array(length));
    this.remotePort = grow(this.remotePort, new Uint16Array(length));
    this.local = grow(this.local, new Uint8Array(length * WIDTH));
    this.remote = grow(this.remote, new Uint8Array(length * WIDTH));
    this.requestedAtMs = grow(this.requestedAtMs, new Float64Array(length));
    this.atMs = grow(this.atMs, new Float64Array(length));
    this.connectMs = grow(this.connectMs, new Float64Array(length));
    this.status = grow(this.status, new Uint32Array(length));
    this.retransmits = grow(this.retransmits, new Uint32Array(length));
    this.resets = grow(this.resets, new Uint32Array(length));
    this.sentBytes = grow(this.sentBytes, new Float64Array(length));
    this.receivedBytes = grow(this.receivedBytes, new Float64Array(length));
    this.accountedSentBytes = grow(this.accountedSentBytes, new Float64Array(length));
    this.accountedReceivedBytes = grow(this.accountedReceivedBytes, new Float64Array(length));
    this.rttUs = grow(this.rttUs, new Uint32Array(length));
    this.missed = grow(this.missed, new Uint8Array(length));
    this.stands = grow(this.stands, new Uint8Array(length));
    this.#places = new Int32Array(length * 2);
    for (let number = 0; number < length / 2; number++) if (this.tcb[number]! >= 0) this.#place(number);
  }
}

/** The columns of the ends of events and statistics. */
export interface Ends {
  readonly localPort: Uint16Array;
  readonly remotePort: Uint16Array;
  readonly localAddress: Uint8Array;
  readonly remoteAddress: Uint8Array;
}

/** Control blocks lie 16 bytes apart or more; the result is not negative once it is masked. */
function placeOf(tcb: number): number {
  const low = (tcb >>> 4) | 0;
  const high = (tcb / 4_294_967_296) | 0;
  const mixed = Math.imul(low ^ Math.imul(high, 0x27d4_eb2f), 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}

function copy(from: Uint8Array, fromAt: number, to: Uint8Array, toAt: number): void {
  for (let i = 0; i < WIDTH; i++) to[toAt + i] = from[fromAt + i]!;
}
