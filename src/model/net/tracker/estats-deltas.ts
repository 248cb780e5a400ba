// What the stack counts of connections that live for long, as growth from look to look.
import type { TcpStatisticsTable } from '../../../sources/host.ts';
import { TupleHash, TupleSet } from './tuple-set.ts';

/** What of one connection is counted already. */
export interface MeasuredBytes {
  sentBytes: number;
  receivedBytes: number;
}

/** Growth of one connection since the look before. */
export interface Growth extends MeasuredBytes {
  retransmits: number;
  rttUs: number;
}

interface Meter extends MeasuredBytes {
  pid: number;
  lastSentBytes: number;
  lastReceivedBytes: number;
  lastRetransmits: number;
  /** A summary has come: the next look may be older, and what it says is counted. */
  settled: boolean;
  /** Looks that did not have it. */
  missed: number;
}

/** One more look after the last: the summary of a connection may come that late. */
const MAX_MISSED = 1;

export class EstatsDeltas {
  #set = new TupleSet();
  #meters: Meter[] = [];
  #spare = new TupleSet();
  readonly #hash = new TupleHash();
  readonly #settled: MeasuredBytes = { sentBytes: 0, receivedBytes: 0 };
  readonly #growth: Growth = { sentBytes: 0, receivedBytes: 0, retransmits: 0, rttUs: 0 };

  /**
   * Takes one look in. `act` gets each connection with its growth, the same objects each time; where it returns false, because
   * nobody knows yet whose the connection is, the growth comes again with the next look.
   */
  add(table: TcpStatisticsTable, act: (row: number, hash: TupleHash, growth: Growth) => boolean): void {
    const next = this.#spare;
    next.clear();
    const meters: Meter[] = [];
    for (let row = 0; row < table.count; row++) {
      const hash = this.#hash.of(
        table.localAddress,
        table.localPort[row]!,
        table.remoteAddress,
        table.remotePort[row]!,
        row,
        16,
      );
      const found = this.#set.find(hash);
      const meter = found >= 0 ? this.#meters[found]! : newMeter(table.pid[row]!);
      if (next.find(hash) >= 0) continue;
      meters[next.add(hash)] = meter;
      meter.missed = 0;
      this.#read(meter, table, row, hash, act);
    }
    this.#keepOthers(next, meters);
    this.#spare = this.#set;
    this.#set = next;
    this.#meters = meters;
  }

  /** A summary says what a connection has carried in all; returns what was counted of it before, the same object each time. */
  settle(hash: TupleHash, sentBytes: number, receivedBytes: number): Readonly<MeasuredBytes> {
    const found = this.#set.find(hash);
    const meter = found >= 0 ? this.#meters[found] : undefined;
    this.#settled.sentBytes = meter?.sentBytes ?? 0;
    this.#settled.receivedBytes = meter?.receivedBytes ?? 0;
    if (meter) {
      meter.sentBytes = Math.max(meter.sentBytes, sentBytes);
      meter.receivedBytes = Math.max(meter.receivedBytes, receivedBytes);
      meter.settled = true;
    }
    return this.#settled;
  }

  #read(
    meter: Meter,
    table: TcpStatisticsTable,
    row: number,
    hash: TupleHash,
    act: (row: number, hash: TupleHash, growth: Growth) => boolean,
  ): void {
    const sent = table.sentBytes[row]!;
    const received = table.receivedBytes[row]!;
    const retransmits = table.retransmittedPackets[row]!;
    // Less than before, or somebody else's: another connection has the same ends.
    const other = sent < meter.lastSentBytes || received < meter.lastReceivedBytes || meter.pid !== table.pid[row];
    if (other) Object.assign(meter, newMeter(table.pid[row]!));
    const growth = this.#growth;
    growth.sentBytes = sent - meter.lastSentBytes;
    growth.receivedBytes = received - meter.lastReceivedBytes;
    growth.retransmits = Math.max(0, retransmits - meter.lastRetransmits);
    growth.rttUs = table.rttUs[row]!;
    if (meter.settled) meter.settled = false;
    else {
      if (!act(row, hash, growth)) return;
      meter.sentBytes += growth.sentBytes;
      meter.receivedBytes += growth.receivedBytes;
    }
    meter.lastSentBytes = sent;
    meter.lastReceivedBytes = received;
    meter.lastRetransmits = retransmits;
  }

  #keepOthers(next: TupleSet, meters: Meter[]): void {
    const hash = this.#hash;
    for (let number = 0; number < this.#set.size; number++) {
      const meter = this.#meters[number]!;
      this.#set.hashOf(number, hash);
      if (meter.missed >= MAX_MISSED || next.find(hash) >= 0) continue;
      meter.missed++;
      meters[next.add(hash)] = meter;
    }
  }
}

function newMeter(pid: number): Meter {
  return {
    pid,
    sentBytes: 0,
    receivedBytes: 0,
    lastSentBytes: 0,
    lastReceivedBytes: 0,
    lastRetransmits: 0,
    settled: false,
    missed: 0,
  };
}
