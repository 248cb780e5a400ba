// Decodes events of Microsoft-Windows-TCPIP into columns; fields are packed, in the order of the provider's manifest.
import { TCP_EVENT } from '../../base/event-types.ts';
import { fileTimeToMs } from '../file-time.ts';
import type { EventView } from './event-view.ts';
import type { TcpColumns } from './tcp-columns.ts';

/** Longest name of a host, with room for what is none: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
const MAX_NAME = 1024;

/** Reads the event into a new row; false when it is cut off or makes no sense, and then no row is there. */
export function decodeTcpip(event: EventView, columns: TcpColumns): boolean {
  switch (event.id) {
    case 1002:
      return atBlock(event, columns, TCP_EVENT.requested);
    case 1017:
      return atResult(event, columns, TCP_EVENT.accepted);
    case 1033:
      return atResult(event, columns, TCP_EVENT.connected);
    case 1034:
      return atResult(event, columns, TCP_EVENT.failed);
    case 1038:
    case 1039:
    case 1043:
    case 1045:
    case 1046:
      return atResult(event, columns, TCP_EVENT.closed);
    case 1183:
    case 1184:
      return atBlock(event, columns, TCP_EVENT.reset);
    case 1186:
    case 1187:
      return atBlock(event, columns, TCP_EVENT.retransmitted);
    case 1300:
      return atRundown(event, columns);
    case 1382:
      return atName(event, columns);
    case 1477:
      return atSummary(event, columns);
    default:
      // Asked for, and no layout here: `providers` and this list have to agree.
      return false;
  }
}

/** Local address, remote address, status, pid, compartment, control block; version 1 appends the process's start key. */
function atResult(event: EventView, columns: TcpColumns, type: number): boolean {
  const row = columns.begin(type, fileTimeToMs(event.ticks));
  ends(event, columns, row);
  columns.status[row] = event.u32();
  columns.pid[row] = event.u32();
  columns.compartmentId[row] = event.u32();
  columns.tcb[row] = event.pointer48();
  return accept(event, columns);
}

/** Control block, local address, remote address, new state, count of retransmissions. */
function atBlock(event: EventView, columns: TcpColumns, type: number): boolean {
  const row = columns.begin(type, fileTimeToMs(event.ticks));
  columns.tcb[row] = event.pointer48();
  ends(event, columns, row);
  event.skip(8);
  return accept(event, columns);
}

/** Control block, local address, remote address, state, pid; later versions append. */
function atRundown(event: EventView, columns: TcpColumns): boolean {
  const row = columns.begin(TCP_EVENT.rundown, fileTimeToMs(event.ticks));
  columns.tcb[row] = event.pointer48();
  ends(event, columns, row);
  event.skip(4);
  columns.pid[row] = event.u32();
  return accept(event, columns);
}

/** Local address, remote address, control block, context of the resolution, name, status. */
function atName(event: EventView, columns: TcpColumns): boolean {
  const row = columns.begin(TCP_EVENT.named, fileTimeToMs(event.ticks));
  ends(event, columns, row);
  columns.tcb[row] = event.pointer48();
  event.skipPointer();
  // A name that is cut off is another name.
  const name = event.text16(MAX_NAME + 1);
  if (name.length > MAX_NAME) return false;
  columns.name[row] = name;
  // The status is the name's, not the connection's, and missing together with the NUL before it.
  return accept(event, columns);
}

/** What a connection carried: counters at fixed places, then both addresses; windows and more follow. */
function atSummary(event: EventView, columns: TcpColumns): boolean {
  const row = columns.begin(TCP_EVENT.summary, fileTimeToMs(event.ticks));
  columns.tcb[row] = event.pointer48();
  columns.sentBytes[row] = event.u64();
  columns.receivedBytes[row] = event.u64();
  // Segments by direction (four of 8 bytes), losses and duplicate acknowledgements (three of 4).
  event.skip(44);
  columns.retransmittedBytes[row] = event.u32();
  // Timeouts and window limits, up to the time that the connection lived.
  event.skip(72);
  columns.durationMs[row] = event.u64();
  event.skip(4);
  columns.rttUs[row] = event.u32();
  event.skip(8);
  columns.synRetransmits[row] = event.u32();
  event.skip(8);
  ends(event, columns, row);
  return accept(event, columns);
}

function ends(event: EventView, columns: TcpColumns, row: number): void {
  columns.localPort[row] = event.socketAddress(columns.localAddress, row);
  columns.remotePort[row] = event.socketAddress(columns.remoteAddress, row);
}

function accept(event: EventView, columns: TcpColumns): boolean {
  if (event.broken) return false;
  columns.count++;
  return true;
}
