// Events about programs that crashed or hang: Application Error, Application Hang, Windows Error Reporting.
import type { EventSubject } from '../../host.ts';
import type { EventData } from '../event-data.ts';
import { creationTimeOf } from '../event-time.ts';
import { type EventFacts, faultingProgram, hexPid, type SubjectReader, subjectFrom } from './event-facts.ts';

/** Positions of the texts in the form without names, from 0; the form with names is that of Windows 11 and later. */
interface FaultLayout {
  readonly pid: number;
  readonly createdAt: number;
  readonly path: number;
  readonly reportId: number;
}

const CRASH = 1000;
const HANG = 1002;
const REPORT = 1001;
const layouts: Readonly<Record<string, FaultLayout>> = {
  [`application error ${CRASH}`]: { pid: 8, createdAt: 9, path: 10, reportId: 12 },
  [`application hang ${HANG}`]: { pid: 2, createdAt: 3, path: 5, reportId: 6 },
};

/** Positions in Windows Error Reporting 1001. */
const EVENT_NAME = 2;
const FIRST_PARAMETER = 5;
const REPORT_ID = 19;

/** Names of problems whose first parameter is the file name of a program that crashed or hangs. */
const faultNames = /^(?:(?:mo)?appcrash|(?:mo)?bex(?:64)?|clr20r3|inpageerror|(?:mo)?apphang\w*|servicehang)$/i;

/**
 * The process id of these events is that of the reporter, so it is not used. BugCheck has the event id 1001 as well,
 * but another provider.
 */
export const programFaults: SubjectReader = {
  isProvider: (name) =>
    name === 'application error' || name === 'application hang' || name === 'windows error reporting',
  read({ provider, eventId, data }: EventFacts): EventSubject {
    const layout = layouts[`${provider.toLowerCase()} ${eventId}`];
    if (layout) return faultOf(data, layout);
    if (provider.toLowerCase() === 'windows error reporting' && eventId === REPORT) return reportOf(data);
    return {};
  },
};

function faultOf(data: EventData, { pid, createdAt, path, reportId }: FaultLayout): EventSubject {
  const value = (name: string, position: number): string => textAt(data, name, position);
  const program = value('AppName', 0) || value('AppPath', path);
  return subjectFrom({
    ...faultingProgram(program),
    pid: hexPid(value('ProcessId', pid)),
    createdAtMs: creationTimeOf(value('ProcessCreationTime', createdAt) || value('StartTime', createdAt)),
    reportId: value('IntegratorReportId', reportId) || value('ReportId', reportId),
  });
}

/** Most reports are about something else than a crash: updates, drivers, memory leaks. */
function reportOf(data: EventData): EventSubject {
  if (!faultNames.test(textAt(data, 'EventName', EVENT_NAME))) return {};
  return subjectFrom({
    ...faultingProgram(textAt(data, 'P1', FIRST_PARAMETER)),
    reportId: textAt(data, 'ReportId', REPORT_ID),
  });
}

/** By name if the texts have names, else by position. */
function textAt(data: EventData, name: string, position: number): string {
  const isNamed = data.items.some((item) => item.name !== '');
  return (isNamed ? data.named(name) : data.items[position]?.text) ?? '';
}
