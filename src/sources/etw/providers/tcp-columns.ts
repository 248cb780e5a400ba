// TCP events as growing columns, which are lent as a table.
import type { TcpEventTable } from '../../host.ts';

const FIRST_ROWS = 1024;

/** The columns are reused after each table, so a steady stream of events allocates nothing outside the heap. */
export class TcpColumns {
  count = 0;
  type = new Uint8Array(0);
  atMs = new Float64Array(0);
  pid = new Uint32Array(0);
  tcb = new Float64Array(0);
  compartmentId = new Uint32Array(0);
  localPort = new Uint16Array(0);
  remotePort = new Uint16Array(0);
  /** Four words a row. */
  localAddress = new Uint32Array(0);
  remoteAddress = new Uint32Array(0);
  status = new Uint32Array(0);
  sentBytes = new Float64Array(0);
  receivedBytes = new Float64Array(0);
  retransmittedBytes = new Float64Array(0);
  synRetransmits = new Uint32Array(0);
  rttUs = new Uint32Array(0);
  durationMs = new Float64Array(0);
  name: string[] = [];

  /**
   * Prepares the row after the last one and returns its number; the row becomes part of the table when the caller
   * increments `count`. Every decoder sets the control block and the endpoints; all other fields are 0.
   */
  beginRow(type: number, atMs: number): number {
    const row = this.count;
    if (row === this.type.length) this.#grow(Math.max(FIRST_ROWS, row * 2));
    this.type[row] = type;
    this.atMs[row] = atMs;
    this.pid[row] = 0;
    this.compartmentId[row] = 0;
    this.status[row] = 0;
    this.sentBytes[row] = 0;
    this.receivedBytes[row] = 0;
    this.retransmittedBytes[row] = 0;
    this.synRetransmits[row] = 0;
    this.rttUs[row] = 0;
    this.durationMs[row] = 0;
    this.name[row] = '';
    return row;
  }

  /**
   * All rows so far, ordered by time, and removes them. The table shares memory with the columns: later rows overwrite
   * it.
   */
  lendTable(): TcpEventTable {
    const { count } = this;
    this.#sort();
    this.count = 0;
    return {
      count,
      type: this.type.subarray(0, count),
      atMs: this.atMs.subarray(0, count),
      pid: this.pid.subarray(0, count),
      tcb: this.tcb.subarray(0, count),
      compartmentId: this.compartmentId.subarray(0, count),
      localPort: this.localPort.subarray(0, count),
      remotePort: this.remotePort.subarray(0, count),
      localAddress: bytesOf(this.localAddress, count),
      remoteAddress: bytesOf(this.remoteAddress, count),
      status: this.status.subarray(0, count),
      sentBytes: this.sentBytes.subarray(0, count),
      receivedBytes: this.receivedBytes.subarray(0, count),
      retransmittedBytes: this.retransmittedBytes.subarray(0, count),
      synRetransmits: this.synRetransmits.subarray(0, count),
      rttUs: this.rttUs.subarray(0, count),
      durationMs: this.durationMs.subarray(0, count),
      name: this.name.slice(0, count),
    };
  }

  /** Events are nearly always in order already, although each processor has a buffer of its own. */
  #sort(): void {
    const { atMs, count } = this;
    let row = 1;
    while (row < count && atMs[row - 1]! <= atMs[row]!) row++;
    if (row >= count) return;
    const order = Array.from({ length: count }, (_, index) => index).sort((a, b) => atMs[a]! - atMs[b]! || a - b);
    for (const column of this.#columns()) {
      const width = column.length / this.type.length;
      const before = column.slice(0, count * width);
      order.forEach((from, to) => {
        for (let word = 0; word < width; word++) column[to * width + word] = before[from * width + word]!;
      });
    }
    const names = this.name.slice(0, count);
    order.forEach((from, to) => {
      this.name[to] = names[from]!;
    });
  }

  #columns() {
    return Object.values(this).filter((value): value is Float64Array<ArrayBuffer> => ArrayBuffer.isView(value));
  }

  #grow(rows: number): void {
    const larger = <T extends Column>(column: T, width = 1): T => {
      const grown = new (column.constructor as new (length: number) => T)(rows * width);
      grown.set(column);
      return grown;
    };
    this.type = larger(this.type);
    this.atMs = larger(this.atMs);
    this.pid = larger(this.pid);
    this.tcb = larger(this.tcb);
    this.compartmentId = larger(this.compartmentId);
    this.localPort = larger(this.localPort);
    this.remotePort = larger(this.remotePort);
    this.localAddress = larger(this.localAddress, 4);
    this.remoteAddress = larger(this.remoteAddress, 4);
    this.status = larger(this.status);
    this.sentBytes = larger(this.sentBytes);
    this.receivedBytes = larger(this.receivedBytes);
    this.retransmittedBytes = larger(this.retransmittedBytes);
    this.synRetransmits = larger(this.synRetransmits);
    this.rttUs = larger(this.rttUs);
    this.durationMs = larger(this.durationMs);
  }
}

/** A copy that later events do not change. */
export function copyTable(table: TcpEventTable): TcpEventTable {
  const copies = Object.entries(table).map(([name, column]) => [name, isColumn(column) ? column.slice() : column]);
  return Object.fromEntries(copies) as TcpEventTable;
}

type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

function isColumn(value: unknown): value is Column {
  return ArrayBuffer.isView(value);
}

function bytesOf(words: Uint32Array<ArrayBuffer>, rows: number): Uint8Array {
  return new Uint8Array(words.buffer, 0, rows * 16);
}
