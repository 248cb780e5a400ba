// Events of the demo shop in the Application and System channels: crashes of billing, SQL Server, and Windows itself.
import type { EventRecord } from '../../src/sources/host.ts';

export interface DemoRound {
  /** Counted from 0. */
  readonly round: number;
  /** Milliseconds since 1970 at the end of the round. */
  readonly atMs: number;
  /** The process that a service had before this round. */
  readonly process: (service: string) => { readonly pid: number; readonly createdAtMs: number };
}

/** Rounds in which billing crashes and is restarted by the SCM, with the number of its crash. */
const crashes: ReadonlyMap<number, number> = new Map([
  [6, 1],
  [18, 2],
]);
const REPORTS = ['1c2e6a50-73b1-4d0e-9a4c-5f0e2b7d9a11', '8f4b0d22-5e6f-4c83-b1d7-0a9c3e5f7b42'];

type Event = Omit<EventRecord, 'atMs' | 'nanoseconds' | 'recordId'>;

function crash({ process }: DemoRound, count: number): Event[] {
  const { pid, createdAtMs } = process('billing');
  const program = 'demo-service.exe';
  const reportId = REPORTS[count - 1]!;
  return [
    {
      channel: 'Application',
      provider: '.NET Runtime',
      eventId: 1026,
      level: 'error',
      message:
        `Application: ${program}\nCoreCLR Version: 8.0.1124.51707\n.NET Version: 8.0.11\n` +
        'Description: The process was terminated due to an unhandled exception.\n' +
        'Exception Info: System.InvalidOperationException: The invoice has no lines\n' +
        '   at Shop.Billing.Invoices.Close(Invoice invoice)',
      subject: { program, pid },
    },
    {
      channel: 'Application',
      provider: 'Application Error',
      eventId: 1000,
      level: 'error',
      message:
        `Faulting application name: ${program}, version: 2.4.1.0, time stamp: 0x6720c3d5\r\n` +
        'Faulting module name: KERNELBASE.dll, version: 10.0.20348.2849, time stamp: 0x7a3d1f0e\r\n' +
        `Exception code: 0xe0434352\r\nFaulting process id: 0x${pid.toString(16)}`,
      subject: { pid, createdAtMs, program, reportId },
    },
    {
      channel: 'Application',
      provider: 'Windows Error Reporting',
      eventId: 1001,
      level: 'info',
      message: `Fault bucket , type 0\r\nEvent Name: CLR20r3\r\nP1: ${program}\r\nReport Id: ${reportId}`,
      subject: { program, reportId },
    },
    {
      channel: 'System',
      provider: 'Service Control Manager',
      eventId: 7031,
      level: 'error',
      message:
        `The billing service terminated unexpectedly.  It has done this ${count} time(s).  ` +
        'The following corrective action will be taken in 0 milliseconds: Restart the service.',
      subject: { service: 'billing', displayName: 'billing' },
    },
  ];
}

function database({ round }: DemoRound): Event[] {
  const sql = { channel: 'Application', provider: 'MSSQL$REPORTING', subject: { service: 'MSSQL$REPORTING' } } as const;
  const events: Event[] = [];
  if (round % 3 === 1)
    events.push({
      ...sql,
      eventId: 18_456,
      level: 'warning',
      message:
        "Login failed for user 'reports'. Reason: Password did not match that for the login provided. " +
        `[CLIENT: 10.11.0.${round}]`,
    });
  if (round % 5 === 2)
    events.push({
      ...sql,
      eventId: 9002,
      level: 'error',
      message: "The transaction log for database 'reporting' is full due to 'LOG_BACKUP'.",
    });
  if (round % 4 === 0)
    events.push({ ...sql, eventId: 17_137, level: 'info', message: "Starting up database 'reporting'." });
  return events;
}

function system({ round }: DemoRound): Event[] {
  const scm = { channel: 'System', provider: 'Service Control Manager' } as const;
  const events: Event[] = [];
  if (round === 10)
    for (const [service, state] of [
      ['stock-reader', 'stopped'],
      ['backup-agent', 'running'],
    ] as const)
      events.push({
        ...scm,
        eventId: 7036,
        level: 'info',
        message: `The ${service} service entered the ${state} state.`,
        subject: { service, displayName: service },
      });
  if (round % 7 === 3)
    events.push({
      channel: 'System',
      provider: 'Microsoft-Windows-DNS-Client',
      eventId: 1014,
      level: 'warning',
      message:
        'Name resolution for the name rates.example.net timed out after none of the configured DNS servers ' +
        'responded.',
    });
  return events;
}

/** The events of one round in the order of their times. */
export function demoEvents(round: DemoRound): EventRecord[] {
  const count = crashes.get(round.round);
  const events = [...(count === undefined ? [] : crash(round, count)), ...database(round), ...system(round)];
  return events.map((event, i) => ({
    ...event,
    recordId: String(70_000 + round.round * 20 + i),
    atMs: Math.round(round.atMs - 3000 + i * 10),
    nanoseconds: 500_000,
  }));
}
