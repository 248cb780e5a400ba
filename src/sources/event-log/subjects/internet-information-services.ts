// Events of IIS about application pools and their worker processes.
import type { EventSubject } from '../../host.ts';
import type { EventData } from '../event-data.ts';
import { decimalPid, type EventFacts, type SubjectReader, subjectFrom } from './event-facts.ts';

/** Windows Process Activation Service, which starts and stops worker processes. */
const activationService: ReadonlySet<string> = new Set(['was', 'microsoft-windows-was']);
/** The worker process itself. */
const workerProcess: ReadonlySet<string> = new Set(['w3svc-wp', 'microsoft-windows-iis-w3svc-wp']);

const poolInText = /application pool '([^'\n]+)'/i;

export const internetInformationServices: SubjectReader = {
  isProvider: (name) => activationService.has(name) || workerProcess.has(name),
  read({ provider, sourceName, pid, data, message }: EventFacts): EventSubject {
    const isWorker = [provider, sourceName].some((name) => workerProcess.has(name.toLowerCase()));
    if (!isWorker) return poolAndPid(data);
    const pool = data.named('AppPoolID') ?? poolInText.exec(message)?.[1];
    return subjectFrom({ pool: poolName(pool ?? ''), pid: decimalPid(data.named('ProcessID') ?? '') ?? pid });
  },
};

/** Events without names of texts have pool and process id first, in either order. */
function poolAndPid(data: EventData): EventSubject {
  const pool = data.named('AppPoolID');
  const processId = data.named('ProcessID');
  if (pool !== undefined || processId !== undefined)
    return subjectFrom({ pool: poolName(pool ?? ''), pid: decimalPid(processId ?? '') });
  const [first = '', second = ''] = [data.param(1), data.param(2)];
  const isPidFirst = decimalPid(first) !== undefined && second !== '' && decimalPid(second) === undefined;
  return isPidFirst
    ? subjectFrom({ pool: poolName(second), pid: decimalPid(first) })
    : subjectFrom({ pool: poolName(first), pid: decimalPid(second) });
}

/** `*` stands for all pools. */
function poolName(name: string): string {
  return name === '*' ? '' : name;
}
