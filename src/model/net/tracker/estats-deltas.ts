// Turns the per-connection statistics of the TCP stack (extended statistics, eStats) into growth from scan to scan.

import { isRestart } from '../../../base/growing-counter.ts';
import type { TcpStatisticsTable } from '../../../sources/host.ts';
import { TupleHash, TupleSet } from './tuple-set.ts';

/** Bytes of one connection that are accounted. */
export interface MeasuredBytes {
  sentBytes: number;
  receivedBytes: number;
}

/** Growth of one connection since the last scan. */
export interface Growth extends MeasuredBytes {
  retransmits: number;
  rttUs: number;
}

/** Returns false while the owner of the connection is unknown. The growth is then part of the next scan's. */
export type AccountGrowth = (row: number, hash: TupleHash, growth: Growth) => boolean;

/** The accounted bytes of a connection, and its highest values so far that are accounted. */
interface Counts extends MeasuredBytes {
  lastSentBytes: number;
  lastReceivedBytes: number;
  lastRetransmits: number;
}

interface Baseline extends Counts {
  pid: number;
  /** The counts before values that looked like another connection, until the next scan confirms or disproves it. */
  before: Counts | undefined;
  /** A summary has arrived. The next scan may be older than the summary, so it only sets the baseline. */
  settled: boolean;
  /** Scans without the connection. */
  missed: number;
}

/** Scans that may miss a connection before its baseline is dropped: its summary may arrive one scan late. */
const MAX_MISSED = 1;

export class EstatsDeltas {
  #tuples = new TupleSet();
  /** By number in `#tuples`. */
  #baselines: Baseline[] = [];
  #spare = new TupleSet();
  readonly #hash = new TupleHash();
  readonly #settled: MeasuredBytes = { sentBytes: 0, receivedBytes: 0 };
  readonly #growth: Growth = { sentBytes: 0, receivedBytes: 0, retransmits: 0, rttUs: 0 };

  /**
   * Applies one scan and calls `account` with the growth of each connection. Hash and growth are the same objects each
   * time.
   */
  add(table: TcpStatisticsTable, account: AccountGrowth): void {
    const next = this.#spare;
    next.clear();
    const baselines: Baseline[] = [];
    const { localAddress, localPort, remoteAddress, remotePort } = table;
    for (let row = 0; row < table.count; row++) {
      const hash = this.#hash.of(localAddress, localPort[row]!, remoteAddress, remotePort[row]!, row, 16);
      const found = this.#tuples.find(hash);
      const baseline = found >= 0 ? this.#baselines[found]! : newBaseline(table.pid[row]!);
      if (next.find(hash) >= 0) continue;
      baselines[next.add(hash)] = baseline;
      baseline.missed = 0;
      this.#addRow(baseline, table, row, hash, account);
    }
    this.#keepMissed(next, baselines);
    this.#spare = this.#tuples;
    this.#tuples = next;
    this.#baselines = baselines;
  }

  /**
   * Applies the totals of a summary and returns what was accounted of the connection before, the same object each time.
   * Zero for an unknown connection.
   */
  settle(hash: TupleHash, sentBytes: number, receivedBytes: number): Readonly<MeasuredBytes> {
    const found = this.#tuples.find(hash);
    const baseline = found >= 0 ? this.#baselines[found] : undefined;
    this.#settled.sentBytes = baseline?.sentBytes ?? 0;
    this.#settled.receivedBytes = baseline?.receivedBytes ?? 0;
    if (baseline) {
      baseline.sentBytes = Math.max(baseline.sentBytes, sentBytes);
      baseline.receivedBytes = Math.max(baseline.receivedBytes, receivedBytes);
      baseline.settled = true;
    }
    return this.#settled;
  }

  #addRow(baseline: Baseline, table: TcpStatisticsTable, row: number, hash: TupleHash, account: AccountGrowth): void {
    const sent = table.sentBytes[row]!;
    const received = table.receivedBytes[row]!;
    const retransmits = table.retransmittedPackets[row]!;
    if (isOtherConnection(baseline, table.pid[row]!, sent, received))
      Object.assign(baseline, newBaseline(table.pid[row]!));
    else {
      checkRestart(baseline, sent, received);
      if (hasRestarted(baseline, sent, received)) restart(baseline);
    }
    const growth = this.#growth;
    growth.sentBytes = Math.max(0, sent - baseline.lastSentBytes);
    growth.receivedBytes = Math.max(0, received - baseline.lastReceivedBytes);
    growth.retransmits = Math.max(0, retransmits - baseline.lastRetransmits);
    growth.rttUs = table.rttUs[row]!;
    if (baseline.settled) baseline.settled = false;
    else {
      if (!account(row, hash, growth)) return;
      baseline.sentBytes += growth.sentBytes;
      baseline.receivedBytes += growth.receivedBytes;
    }
    // One scan may have lower values of the same connection.
    baseline.lastSentBytes = Math.max(baseline.lastSentBytes, sent);
    baseline.lastReceivedBytes = Math.max(baseline.lastReceivedBytes, received);
    baseline.lastRetransmits = Math.max(baseline.lastRetransmits, retransmits);
  }

  #keepMissed(next: TupleSet, baselines: Baseline[]): void {
    const hash = this.#hash;
    for (let number = 0; number < this.#tuples.size; number++) {
      const baseline = this.#baselines[number]!;
      this.#tuples.hashOf(number, hash);
      if (baseline.missed >= MAX_MISSED || next.find(hash) >= 0) continue;
      baseline.missed++;
      baselines[next.add(hash)] = baseline;
    }
  }
}

/** Another process, or lower values after the summary of the last connection: the 4-tuple is reused. */
function isOtherConnection(baseline: Baseline, pid: number, sent: number, received: number): boolean {
  if (baseline.pid !== pid) return true;
  return baseline.settled && (sent < baseline.lastSentBytes || received < baseline.lastReceivedBytes);
}

/** The higher count decides, as in counter-group.ts: a small one falls below half by chance. */
function hasRestarted({ lastSentBytes, lastReceivedBytes }: Baseline, sent: number, received: number): boolean {
  return lastSentBytes > lastReceivedBytes ? isRestart(lastSentBytes, sent) : isRestart(lastReceivedBytes, received);
}

function restart(baseline: Baseline): void {
  const { sentBytes, receivedBytes, lastSentBytes, lastReceivedBytes, lastRetransmits } = baseline;
  Object.assign(baseline, newCounts());
  baseline.before = { sentBytes, receivedBytes, lastSentBytes, lastReceivedBytes, lastRetransmits };
}

/**
 * The values after a restart are at those before it again: one scan had wrong values, and what was accounted of them is
 * part of the growth. Unchanged values show neither.
 */
function checkRestart(baseline: Baseline, sent: number, received: number): void {
  const { before } = baseline;
  if (!before || (sent === baseline.lastSentBytes && received === baseline.lastReceivedBytes)) return;
  baseline.before = undefined;
  if (sent < before.lastSentBytes || received < before.lastReceivedBytes) return;
  baseline.lastSentBytes = before.lastSentBytes + baseline.sentBytes;
  baseline.lastReceivedBytes = before.lastReceivedBytes + baseline.receivedBytes;
  baseline.lastRetransmits += before.lastRetransmits;
  baseline.sentBytes += before.sentBytes;
  baseline.receivedBytes += before.receivedBytes;
}

function newCounts(): Counts {
  return { sentBytes: 0, receivedBytes: 0, lastSentBytes: 0, lastReceivedBytes: 0, lastRetransmits: 0 };
}

function newBaseline(pid: number): Baseline {
  return { ...newCounts(), pid, before: undefined, settled: false, missed: 0 };
}
