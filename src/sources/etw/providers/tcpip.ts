// Provider Microsoft-Windows-TCPIP: connections from request to close; fields are packed in the order of the manifest.
import { TCP_EVENT } from '../../../base/event-types.ts';
import { fileTimeToMs } from '../../file-time.ts';
import { PART_GRANTS } from '../../grants.ts';
import type { EventView } from '../event-view.ts';
import type { EtwProvider, EventBatch, EventVersions, PushOptions } from '../provider.ts';
import { copyTable, TcpColumns } from './tcp-columns.ts';
import { ownerPid } from './tcp-owner.ts';

/** ConnectPath, ClosePath, and the keyword of connection summaries. */
const KEYWORDS = 0x4_0000_0000n | 0x10_0000_0000n | 0x2000_0000_0000n;

const fixed: EventVersions = { newest: 0, appends: false };
const result: EventVersions = { newest: 1, appends: true };

export const tcpip: EtwProvider = {
  name: 'tcpip',
  title: 'Microsoft-Windows-TCPIP',
  guid: '2f07e2ee-15db-40f1-90ef-9d7ba282188a',
  anyKeyword: KEYWORDS,
  level: 4,
  events: {
    1002: fixed,
    1017: result,
    1033: result,
    1034: result,
    1038: result,
    1039: result,
    1043: { newest: 2, appends: true },
    1045: result,
    1046: result,
    1183: fixed,
    1184: fixed,
    1186: fixed,
    1187: fixed,
    1300: { newest: 3, appends: true },
    1382: fixed,
    1477: { newest: 1, appends: true },
  },
  inProcesses: false,
  rundown: true,
  grant: PART_GRANTS.tcpEvents,
  ringShare: 1 / 2,
  createBatch: () => new TcpBatch(),
};

/** Rows are columns in reused memory: a steady stream of events allocates nothing outside the heap. */
class TcpBatch implements EventBatch {
  readonly #columns = new TcpColumns();

  get count(): number {
    return this.#columns.count;
  }

  decode(event: EventView): boolean {
    return decodeTcpip(event, this.#columns);
  }

  push({ push, lend, seconds }: PushOptions): void {
    const table = this.#columns.lendTable();
    push('tcpEvents', lend ? table : copyTable(table), seconds, []);
  }
}

/**
 * A host name has at most 253 characters (https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4); a longer text than
 * this is not a name.
 */
const MAX_NAME = 1024;

function decodeTcpip(event: EventView, columns: TcpColumns): boolean {
  switch (event.id) {
    case 1002:
      return decodeBlock(event, columns, TCP_EVENT.requested);
    case 1017:
      return decodeResult(event, columns, TCP_EVENT.accepted);
    case 1033:
      return decodeResult(event, columns, TCP_EVENT.connected);
    case 1034:
      return decodeResult(event, columns, TCP_EVENT.failed);
    case 1038:
    case 1039:
    case 1043:
    case 1045:
    case 1046:
      return decodeResult(event, columns, TCP_EVENT.closed);
    case 1183:
    case 1184:
      return decodeBlock(event, columns, TCP_EVENT.reset);
    case 1186:
    case 1187:
      return decodeBlock(event, columns, TCP_EVENT.retransmitted);
    case 1300:
      return decodeRundown(event, columns);
    case 1382:
      return decodeName(event, columns);
    case 1477:
      return decodeSummary(event, columns);
    default:
      // Not reached while this list and `tcpip.events` agree.
      return false;
  }
}

/** Local address, remote address, status, pid, compartment, control block; version 1 appends the process start key. */
function decodeResult(event: EventView, columns: TcpColumns, type: number): boolean {
  const row = columns.beginRow(type, fileTimeToMs(event.ticks));
  decodeEndpoints(event, columns, row);
  columns.status[row] = event.u32();
  columns.pid[row] = ownerPid(event, event.u32());
  columns.compartmentId[row] = event.u32();
  columns.tcb[row] = event.pointer48();
  return accept(event, columns);
}

/** Control block, local address, remote address, new state, retransmission count. */
function decodeBlock(event: EventView, columns: TcpColumns, type: number): boolean {
  const row = columns.beginRow(type, fileTimeToMs(event.ticks));
  columns.tcb[row] = event.pointer48();
  columns.pid[row] = ownerPid(event, 0);
  decodeEndpoints(event, columns, row);
  event.skip(8);
  return accept(event, columns);
}

/** Control block, local address, remote address, state, pid; later versions append. */
function decodeRundown(event: EventView, columns: TcpColumns): boolean {
  const row = columns.beginRow(TCP_EVENT.rundown, fileTimeToMs(event.ticks));
  columns.tcb[row] = event.pointer48();
  decodeEndpoints(event, columns, row);
  event.skip(4);
  columns.pid[row] = ownerPid(event, event.u32());
  return accept(event, columns);
}

/** Local address, remote address, control block, resolution context, name, status. */
function decodeName(event: EventView, columns: TcpColumns): boolean {
  const row = columns.beginRow(TCP_EVENT.named, fileTimeToMs(event.ticks));
  decodeEndpoints(event, columns, row);
  columns.tcb[row] = event.pointer48();
  columns.pid[row] = ownerPid(event, 0);
  event.skipPointer();
  const name = event.text16(MAX_NAME + 1);
  // A truncated name would be a wrong name.
  if (name.length > MAX_NAME) return false;
  columns.name[row] = name;
  // The status that follows belongs to the resolution and is absent when the terminating NUL is.
  return accept(event, columns);
}

/** Counters of the whole connection at fixed offsets, then both addresses; window sizes and more follow. */
function decodeSummary(event: EventView, columns: TcpColumns): boolean {
  const row = columns.beginRow(TCP_EVENT.summary, fileTimeToMs(event.ticks));
  columns.tcb[row] = event.pointer48();
  columns.sentBytes[row] = event.u64();
  columns.receivedBytes[row] = event.u64();
  // Segments by direction (four of 8 bytes), losses and duplicate acknowledgements (three of 4).
  event.skip(44);
  columns.retransmittedBytes[row] = event.u32();
  // Timeouts and window limits, up to the duration of the connection.
  event.skip(72);
  columns.durationMs[row] = event.u64();
  event.skip(4);
  columns.rttUs[row] = event.u32();
  event.skip(8);
  columns.synRetransmits[row] = event.u32();
  event.skip(8);
  decodeEndpoints(event, columns, row);
  return accept(event, columns);
}

function decodeEndpoints(event: EventView, columns: TcpColumns, row: number): void {
  columns.localPort[row] = event.socketAddress(columns.localAddress, row);
  columns.remotePort[row] = event.socketAddress(columns.remoteAddress, row);
}

function accept(event: EventView, columns: TcpColumns): boolean {
  if (event.broken) return false;
  columns.count++;
  return true;
}
