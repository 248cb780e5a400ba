// Decides which process a TCP event names as the owner of its connection: that of the payload, or of a trusted header.
import type { EventView } from '../event-view.ts';

/**
 * Whether the process in the header of an event owns the connection. The header has the process whose thread wrote the
 * event. `always`: the program's own thread writes it, inside the connect call. `never`: another thread writes it.
 * `unknown`: either happens, or no source says which.
 */
export type HeaderOwner = 'always' | 'never' | 'unknown';

/**
 * By event id. Only `always` is used: a wrong owner is worse than none. Sources: the consumers NetBlame
 * (https://github.com/microsoft/MSO-Scripts, `src/NetBlame/Providers/TcpIp.cs`: reliable for 1002, 1031 and 1382, and
 * for no other event of this table) and ETWAnalyzer (https://github.com/Siemens-Healthineers/ETWAnalyzer,
 * `ETWAnalyzer/Extractors/TCP/TCPExtractor.cs`: the header of 1002 is the client, closes come from the idle process).
 */
export const HEADER_OWNER: Readonly<Record<number, HeaderOwner>> = {
  // The connect request and its inspection, both before the SYN is sent. The payload has no process.
  1002: 'always',
  1382: 'always',
  // Written for all connections by the program that starts the session.
  1300: 'never',
  // A segment arrives or a timer expires: the thread that was running on that processor.
  1034: 'never',
  1045: 'never',
  1046: 'never',
  1183: 'never',
  1184: 'never',
  1186: 'never',
  1187: 'never',
  // The end of a handshake, and closes by the program, by the peer or by the exit of the process.
  1017: 'unknown',
  1033: 'unknown',
  1038: 'unknown',
  1039: 'unknown',
  1043: 'unknown',
  1477: 'unknown',
};

/** Event tracing writes this pid where no process is known. */
const NO_PROCESS = 0xffff_ffff;

/**
 * Pid of the owner of the connection, 0 when the event does not name it. `payloadPid` is the process in the payload, 0
 * for a layout without one. It wins over the header, because only the payload is about the connection.
 */
export function ownerPid({ id, pid }: EventView, payloadPid: number): number {
  if (payloadPid !== 0 && payloadPid !== NO_PROCESS) return payloadPid;
  return HEADER_OWNER[id] === 'always' && pid !== NO_PROCESS ? pid : 0;
}
