// Creates the reader of the Event Log of this machine.
import { monotonicMs } from '../../base/monotonic.ts';
import { ComputerNamePhysicalDnsFullyQualified } from '../../native/kernel32.ts';
import { readComputerName } from '../machine-names.ts';
import { type EventLogOptions, EventLogReader } from './event-log-reader.ts';
import { eventRecordOf } from './event-record.ts';
import { Win32EventLog } from './win32-calls.ts';

/** Options of a reader; what is not given is that of this machine. */
type MachineOptions = Pick<EventLogOptions, 'channels' | 'locale' | 'positions' | 'activity'> & {
  /** Full DNS name of the machine. */
  readonly computer?: string;
  readonly now?: () => number;
};

/** Throws Win32Error. */
export function createEventLogReader(options: MachineOptions): EventLogReader {
  const { computer = readComputerName(ComputerNamePhysicalDnsFullyQualified), ...rest } = options;
  return new EventLogReader({
    now: monotonicMs,
    ...rest,
    calls: new Win32EventLog(),
    recordOf: (xml, message) => eventRecordOf(xml, message, computer),
  });
}
